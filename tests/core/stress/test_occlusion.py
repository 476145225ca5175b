import numpy as np
import pytest

from core.corruptions.kinds import KINDS, corrupt_by
from core.figures.stress_occlusion import describe_map, maps_of, occlusion_figure
from core.networks.scoring import scorer_of
from core.stress.curve import measured
from core.stress.occlusion import cover, occlusion_map, smallest_flips
from examples.mnist import load_study

STUDY = load_study()
NAMES = STUDY.dataset.class_names
IMAGE = STUDY.dataset.images.image(18)


def test_each_part_is_covered_by_a_square_at_the_median_and_the_rest_stays():
    image = np.full((20, 30), 7, np.uint8)
    image[5:15, 10:20] = 200
    covered, rows, columns = cover(image, 13, 0.2)
    assert covered.shape == (169, 20, 30) and covered.dtype == np.uint8
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (0, 19, 0, 29)
    middle = covered[6 * 13 + 6]  # about row 9.5, column 14.5, 3 pixels to each side
    changed = np.argwhere(middle != image)
    assert changed.min(0).tolist() == [7, 12] and changed.max(0).tolist() == [12, 17]
    assert (middle[7:13, 12:18] == 7).all()


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_a_map_is_what_the_model_says_of_the_covered_pictures(model):
    scorer = scorer_of(STUDY, model)
    found = occlusion_map(scorer, IMAGE)
    covered, *_ = cover(IMAGE, 13, 0.25)
    measures, _ = measured(scorer, covered)
    answer = found.answer
    np.testing.assert_allclose(
        found.after["answer"].ravel(), measures["mean_probs"][:, answer], atol=1e-5
    )
    entropy = found.after["predictive_entropy"].ravel()
    np.testing.assert_allclose(entropy, measures["predictive_entropy"], atol=1e-4)
    names = maps_of(found, STUDY.models[model].num_members)
    assert ("mutual_information" in names) == (model == "ensemble") == ("atypicality" in names)
    figure = occlusion_figure(found, names, NAMES, "data:image/png;base64,")
    assert len(figure.data) == len(figure.layout.images) == len(names)
    change = found.after["answer"] - found.before["answer"]
    np.testing.assert_allclose(figure.data[0].z, change)
    assert f"probability of {NAMES[answer]} most" in describe_map(found, names, NAMES)


def test_covering_nothing_but_paper_changes_nothing():
    scorer = scorer_of(STUDY, "article")
    image = np.zeros((28, 28), np.uint8)
    image[10:18, 12:16] = 255
    found = occlusion_map(scorer, image, side=0.1)
    assert found.after["answer"][0, 0] == pytest.approx(found.before["answer"], abs=1e-6)


def test_a_flip_is_the_nearest_step_at_which_the_answer_is_another():
    scorer, kinds = scorer_of(STUDY, "article"), ("rotate", "scale", "contrast", "zigzag")
    first = int(measured(scorer, IMAGE[None])[0]["mean_probs"][0].argmax())
    flips = {flip.kind: flip for flip in smallest_flips(scorer, IMAGE, kinds)}
    assert flips
    for kind, flip in flips.items():
        grid = KINDS[kind].axis.grid(61)
        steps = corrupt_by(np.repeat(IMAGE[None], 61, 0), kind, grid, shared=True)
        answers = measured(scorer, steps)[0]["mean_probs"].argmax(1)
        far = np.abs(grid - KINDS[kind].neutral)
        assert far[answers != first].min() == pytest.approx(abs(flip.amount - KINDS[kind].neutral))
        assert flip.answer != first and (flip.image != IMAGE).any()
    changed = [flip.changed for flip in smallest_flips(scorer, IMAGE, kinds)]
    assert changed == sorted(changed)
