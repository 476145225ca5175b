import numpy as np
import pytest

from core.networks.atypicality import rank
from core.networks.foreign import Foreign, foreignness, load_foreign, save_foreign


def fitted():
    """Log-odds are relu(first feature) + 2 relu(last channel mean of the last member - 1)."""
    hidden = np.zeros((8, 2), np.float32)
    hidden[0, 0] = hidden[7, 1] = 1
    return Foreign(
        hidden,
        bias=np.array([0.0, -1.0], np.float32),
        output=np.array([1.0, 2.0], np.float32),
        reference=np.arange(1.0, 100.0),
    )


def test_it_is_the_share_of_held_out_items_that_look_less_foreign():
    pooled, features = np.zeros((2, 2, 3), np.float32), np.array([[50.0, 0], [0, 9]], np.float32)
    pooled[1, 1, 2] = 31
    found = foreignness(fitted(), pooled, features)
    np.testing.assert_allclose(found, rank(np.array([50.0, 2 * 30]), np.arange(1.0, 100.0)))
    np.testing.assert_allclose(found, [0.5, 0.6])


def test_an_image_alone_has_the_foreignness_it_has_among_many():
    rng = np.random.default_rng(0)
    pooled = 9 * rng.normal(size=(1_100, 2, 3)).astype(np.float32)
    features = 9 * rng.normal(size=(1_100, 2)).astype(np.float32)
    one = slice(1_050, 1_051)
    alone = foreignness(fitted(), pooled[one], features[one])
    np.testing.assert_allclose(foreignness(fitted(), pooled, features)[one], alone, rtol=1e-5)


def test_what_was_taught_comes_back_from_its_file(tmp_path):
    path = tmp_path / "foreign.npz"
    save_foreign(fitted(), path)
    again = load_foreign(path)
    for name, array in vars(fitted()).items():
        np.testing.assert_array_equal(getattr(again, name), array)
    assert again.hidden.dtype == np.float32
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"not an archive"])
def test_a_broken_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "foreign.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"foreign\.npz"):
        load_foreign(path)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("bias", np.zeros(3, np.float32)),
        ("output", np.array([1.0, np.nan])),
        ("reference", np.array([2.0, 1.0])),
        ("hidden", np.zeros((8, 2), int)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, name, array):
    path = tmp_path / "foreign.npz"
    np.savez(path, **vars(fitted()) | {name: array})
    with pytest.raises(ValueError, match=r"foreign\.npz is not an archive"):
        load_foreign(path)


def test_a_missing_file_is_reported_as_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_foreign(tmp_path / "foreign.npz")
