"""The bundled example is one study among others: what serves any classifier does not name it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = ("core", "ui", "pages", "penumbra", "app.py", "navigation.py")
TEXTS = {".py", ".md", ".js", ".css"}
NAME = re.compile(r"(?<!e)mnist(?![-_]c\b)", re.IGNORECASE)
"""Neither EMNIST, whose pictures lie on their side, nor MNIST-C, the published corruptions."""
NAMED = {"ui/prose/sources.md": "the digits' licence"}
SIDES = {
    "core/corruptions/blur.py": "the side that MNIST-C's published lengths are for",
    "core/stress/foreign.py": "corners of drawn shapes, in per cent",
}


def files() -> list[Path]:
    found = []
    for place in PLACES:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(path.rglob("*"))
    return [path for path in found if path.suffix in TEXTS and "__pycache__" not in path.parts]


def test_nothing_that_serves_any_classifier_names_the_bundled_one():
    named = {_place(path) for path in files() if NAME.search(path.read_text())}
    assert named == set(NAMED)


def test_nothing_that_serves_any_classifier_knows_the_size_of_its_pictures():
    sized = {_place(path): _sizes(ast.parse(path.read_text()))
             for path in files() if path.suffix == ".py"}  # fmt: skip
    assert {place for place, lines in sized.items() if lines} == set(SIDES), sized


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _sizes(tree: ast.Module) -> list[int]:
    """The lines where a picture's side or number of pixels stands; 2**28 is a limit of bytes."""
    bits = {id(node.right) for node in ast.walk(tree) if isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Pow)}  # fmt: skip
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in (28, 784) and id(node) not in bits
    ]
