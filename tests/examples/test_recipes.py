"""The recipes for other people's libraries, run as they stand where the library is here."""

import ast
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import penumbra
from core.stored.library import Library
from examples import breast_cancer, digits
from penumbra.read_arrays import read

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "own-classifier.md").read_text()
RECIPES = dict(re.findall(r"^## (.+?)$(?:(?!^## ).)*?```python\n(.*?)```", TEXT, re.M | re.S))
NOT_HERE = ("PyTorch", "Hugging Face", "timm")
"""No dependency of ours: checked for their grammar and the names of our arguments alone."""


def read_only(folder):
    """A `penumbra` whose `show` reads as the real one does, and starts no server."""
    shown = []

    def show(probs=None, labels=None, **more):
        given = {"probs": probs, "labels": labels, **more}
        read(given, folder / "files", {"PENUMBRA_STUDIES": str(folder / "studies")})
        shown.append(Library(folder / "studies").load("shown"))
        return ModuleType("shown")

    found = ModuleType("penumbra")
    found.show = show
    return found, shown


def run(recipe, folder, monkeypatch):
    module, shown = read_only(folder)
    monkeypatch.setitem(sys.modules, "penumbra", module)
    monkeypatch.chdir(folder)
    code = recipe.replace("decisions = shown.decisions()\n", "")
    exec(compile(code, "recipe", "exec"), {})  # noqa: S102 - our own document
    return shown


@pytest.mark.parametrize("name", ["scikit-learn", "cleanlab"])
def test_a_recipe_ends_with_a_study_of_its_data(name, tmp_path, monkeypatch):
    (study,) = run(RECIPES[name], tmp_path, monkeypatch)
    assert len(study.dataset) == 1797
    (model,) = study.models.values()
    assert model.scores["correct"].mean() > 0.9
    assert study.dataset.images.image(0).shape == (8, 8)
    if name == "cleanlab":
        assert study.dataset.details.names == ("cleanlab",)


def test_the_files_of_the_recipe_are_read(tmp_path, monkeypatch):
    from core.reading.read import Source, read_files

    run(RECIPES["Files"], tmp_path, monkeypatch)
    for name in ("predictions.npz", "predictions.parquet"):
        reading = read_files([Source(name, tmp_path / name)])
        assert reading.is_final
        assert (next(iter(reading.models.values())).prediction is None, len(reading)) == (True, 100)


def test_every_recipe_is_known():
    assert {*NOT_HERE, "scikit-learn", "cleanlab", "Keras", "Files"} == set(RECIPES)


@pytest.mark.parametrize("name", NOT_HERE)
def test_a_recipe_for_a_library_that_is_not_here_calls_show_as_it_is(name):
    import inspect

    calls = [
        node
        for node in ast.walk(ast.parse(RECIPES[name]))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "penumbra.show"
    ]
    assert calls
    for call in calls:
        words = {word.arg: None for word in call.keywords}
        inspect.signature(penumbra.show).bind(*call.args, **words)


@pytest.mark.parametrize(
    ("example", "num_items", "num_members"), [(digits, 630, 10), (breast_cancer, 569, 1)]
)
def test_an_example_is_short_and_writes_its_study(
    example, num_items, num_members, tmp_path, monkeypatch
):
    assert len(Path(example.__file__).read_text().splitlines()) <= 40
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path))
    given = example.predictions()
    assert penumbra.save("mine", **given) == "/?study=mine"
    study = Library(tmp_path).load("mine")
    assert len(study.dataset) == num_items
    for model in study.models.values():
        assert model.num_members == num_members
        assert model.scores["correct"].mean() > 0.9
    with pytest.raises(ValueError, match="There is a study 'mine' already"):
        penumbra.save("mine", **given)


def test_save_names_what_it_does_not_take():
    with pytest.raises(TypeError, match="save takes no 'prob'; it takes answers, class_names"):
        penumbra.save("mine", prob=1)
