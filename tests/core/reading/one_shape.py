"""What every reading holds, whatever it was read from."""

import numpy as np


def assert_one_shape(reading):
    num_items, num_classes = len(reading), len(reading.class_names)
    assert len(set(reading.class_names)) == num_classes
    assert reading.labels.max(initial=-1) < num_classes
    assert reading.ids is None or len(set(reading.ids.to_pylist())) == num_items
    assert reading.columns is None or reading.columns.num_rows == num_items
    for model in reading.models.values():
        if model.tier == "full":
            assert model.values.shape == (model.num_members, num_items, num_classes)
            assert np.isfinite(np.asarray(model.values)).all()
        else:
            assert model.prediction.shape == (num_items,)
        assert model.features is None or len(model.features) == num_items
    reading.preview()
