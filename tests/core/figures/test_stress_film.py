import io

import numpy as np
import pytest
from PIL import Image

from core.figures.stress_film import HEIGHT, PICTURE, WIDTH, film
from core.stress.curve import WAYS, Curve


@pytest.mark.parametrize("num_members", [1, 3])
def test_a_film_has_a_frame_a_step_each_with_its_picture(num_members):
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(4), (7, num_members)).astype(np.float32)
    images = np.repeat(np.arange(0, 210, 30, dtype=np.uint8)[:, None, None], 14, 1).repeat(14, 2)
    names = ("predictive_entropy", "expected_entropy", "mutual_information")
    measures = {name: np.linspace(0, 1, 7) for name in names}
    curve = Curve(WAYS["fade"], WAYS["fade"].grid(7), images, probs.mean(1), probs, measures, ())
    raw = film(curve, ("a", "b", "c", "a long name"), "Thing 1")
    with Image.open(io.BytesIO(raw)) as found:
        assert found.format == "GIF" and found.n_frames == 7 and found.size == (WIDTH, HEIGHT)
        assert found.info["loop"] == 0
        for step in range(7):
            found.seek(step)
            inside = np.asarray(found.convert("L"))[60 : 40 + PICTURE, 30 : 10 + PICTURE]
            assert np.abs(inside.astype(int) - int(images[step, 0, 0])).max() <= 8
