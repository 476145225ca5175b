"""One direction of imports between the rooms, and nothing longer than a screen."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TENSORFLOW = {"tensorflow", "tensorflow_probability", "keras", "tf_keras"}
ROOMS = {"app", "cli", "pages", "ui", "core", "models"}
ARRAYS = {"numpy", "pandas", "plotly"}
FORBIDDEN = {
    "app.py": (ROOMS - {"app"}) | TENSORFLOW | ARRAYS,
    "cli.py": {"streamlit", "ui", "pages", "app"} | TENSORFLOW,
    "pages": {"models", "cli", "app"} | TENSORFLOW | ARRAYS,
    "ui": {"models", "pages", "cli", "app"} | TENSORFLOW,
    "core": {"streamlit", "ui", "pages", "models", "cli", "app"} | TENSORFLOW,
    "models": {"streamlit", "ui", "pages", "cli", "app"},
}
DECIDE_NOTHING_ABOUT_TABLES = {
    "acceptance", "brier", "calibration", "calibration_errors", "conformal", "corruptions",
    "detection", "ink", "intervals", "metrics", "mnist", "runtime", "selective", "similar",
    "temperature", "uncertainty",
}  # fmt: skip


def files(*rooms):
    for room in rooms:
        path = ROOT / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def parse(path):
    return ast.parse(path.read_text())


def imports(tree):
    """Dotted names of everything a tree imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def below(name, room):
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_only_what_the_arrows_allow(room):
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(room)
        for name in imports(parse(path))
        if name.partition(".")[0] in FORBIDDEN[room]
    }
    assert not found


def test_figures_are_drawn_by_figures_alone():
    for path in files("core"):
        if path.parent.name != "figures":
            names = set(imports(parse(path)))
            assert not any(below(name, "plotly") for name in names), path
            assert not any(below(name, "core.figures") for name in names), path


def test_mathematics_knows_arrays_and_no_table():
    for path in files("core"):
        if path.stem in DECIDE_NOTHING_ABOUT_TABLES and path.parent.name == "core":
            assert not any(below(name, "core.table") for name in imports(parse(path))), path


def test_the_command_line_imports_networks_inside_a_command_only():
    top_level = ast.Module(
        [n for n in parse(ROOT / "cli.py").body if not isinstance(n, ast.FunctionDef)], []
    )
    assert not any(below(name, "models") for name in imports(top_level))


def test_a_page_has_no_class_no_catch_all_and_no_cache_of_its_own():
    for path in files("pages"):
        source = path.read_text()
        assert len(source.splitlines()) <= 80, f"{path} is longer than a screen and a half"
        assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(parse(path))), path
        for word in ("set_page_config", "cache_data", "cache_resource", "unsafe_allow_html"):
            assert word not in source, f"{path}: {word}"


def test_nobody_catches_everything_or_reads_a_pickle():
    for path in files(*FORBIDDEN):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ExceptHandler):
                assert ast.unparse(node.type or ast.Constant("everything")) not in {
                    "'everything'", "Exception", "BaseException",
                }, f"{path}:{node.lineno}"  # fmt: skip
        assert "pickle" not in path.read_text().replace("allow_pickle=False", ""), path


def test_no_function_is_longer_than_forty_lines():
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in files(*FORBIDDEN, "bench")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and length(node) > 40
    ]
    assert not too_long


def length(function):
    docstring = ast.get_docstring(function, clean=False) or ""
    return function.end_lineno - function.lineno + 1 - len(docstring.splitlines())


def test_the_first_page_loads_none_of_the_heavy_libraries():
    modules = "ui.cache, ui.controls, ui.digit_card, ui.gallery, ui.views"
    heavy = ("scipy", "sklearn", "cleanlab", "cv2", "sqlalchemy")
    script = f"import sys, {modules}; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
