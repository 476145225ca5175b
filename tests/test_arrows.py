"""One direction of imports between the rooms, and nothing longer than a screen."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TENSORFLOW = {"tensorflow", "tensorflow_probability", "keras", "tf_keras"}
ARRAYS = {"numpy", "pandas", "plotly"}
ALLOWED = {
    "app.py": {"examples", "ui"},
    "navigation.py": {"examples", "ui"},
    "cli.py": {"commands"},
    "commands": {"commands", "core", "models", "examples", "penumbra"},
    "penumbra/__main__.py": {"penumbra", "cli"},
    "penumbra": {"penumbra"},
    "pages": {"ui", "core"},
    "ui": {"ui", "core"},
    "examples": {"examples", "core", "penumbra"},
    "models": {"models", "core", "examples"},
    "core": {"core"},
}
"""Which of our own rooms each may import; nothing else of ours may be imported at all."""
CORE = {
    "study": {"study"},
    "reading": {"study", "reading"},
    "measures": {"study", "measures"},
    "stored": {"study", "measures", "reading", "pictures", "networks", "stored"},
    "trust": {"study", "measures", "trust"},
    "review": {"study", "measures", "trust", "review"},
    "pictures": {"pictures"},
    "corruptions": {"pictures", "corruptions"},
    "networks": {"study", "measures", "trust", "pictures", "networks"},
    "stress": {"study", "measures", "trust", "pictures", "corruptions", "networks", "stress"},
    "upkeep": {"study", "measures", "review", "stored", "upkeep"},
    "access": {"access"},
    "batch": {"study", "reading", "measures", "stored", "pictures", "networks", "batch"},
    "figures": {
        "study", "measures", "trust", "review", "pictures", "corruptions", "networks", "stress",
        "figures",
    },
}  # fmt: skip
"""The arrows between the rooms of core: nothing imports figures, pictures import nothing."""
FORBIDDEN = {
    "app.py": TENSORFLOW | ARRAYS,
    "navigation.py": TENSORFLOW | ARRAYS,
    "cli.py": {"streamlit"} | TENSORFLOW | ARRAYS,
    "commands": {"streamlit"} | TENSORFLOW,
    "penumbra/__main__.py": TENSORFLOW,
    "penumbra": TENSORFLOW,
    "pages": TENSORFLOW | ARRAYS,
    "ui": TENSORFLOW,
    "examples": {"streamlit"} | TENSORFLOW,
    "core": {"streamlit"} | TENSORFLOW,
    "models": {"streamlit"},
}
OURS = {
    "app", "navigation", "cli", "commands", "pages", "ui", "core", "models", "examples",
    "penumbra", "bench", "tests",
}  # fmt: skip
ROOMS_BEHIND = {"core", "models", "examples"}
DOORS = {ROOT / room for room in ALLOWED if room.endswith(".py")}
"""Files with arrows of their own, whichever folder they lie in."""
TESTED_OTHERWISE = ("tests/", "bench/", "deploy/")
DECIDE_NOTHING_ABOUT_TABLES = {
    "core/measures": {"disagreement", "runtime", "similar", "uncertainty"},
    "core/pictures": {"ink"},
    "core/corruptions": {"kinds"},
    "core/trust": {
        "acceptance", "brier", "calibration", "calibration_errors", "conformal", "detection",
        "intervals", "metrics", "paired", "selective", "temperature",
    },
}  # fmt: skip


def files(*rooms):
    for room in rooms:
        path = ROOT / room
        yield from [path] if path.is_file() else sorted(set(path.rglob("*.py")) - DOORS)


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


def test_every_file_lies_in_a_room_that_the_arrows_know():
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    strange = [
        name
        for name in tracked.stdout.split()
        if (ROOT / name).is_file()
        and not name.startswith(TESTED_OTHERWISE)
        and name.partition("/")[0] not in ALLOWED
    ]
    assert not strange
    rooms = {path.relative_to(ROOT / "core").parts[0] for path in files("core")}
    assert rooms - {"__init__.py"} == set(CORE), "core holds rooms only, each with its arrows"


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_the_arrows_allow(room):
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(room)
        for name in imports(parse(path))
        for top in [name.partition(".")[0]]
        if top in FORBIDDEN[room] or top in OURS - ALLOWED[room]
    }
    assert not found


@pytest.mark.parametrize("room", CORE)
def test_a_room_of_core_imports_only_what_the_arrows_allow(room):
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(f"core/{room}")
        for name in imports(parse(path))
        if name.startswith("core.") and name.split(".")[1] not in CORE[room]
    }
    assert not found


def test_figures_are_drawn_by_figures_alone():
    for path in files("core"):
        if "figures" not in path.parts:
            names = set(imports(parse(path)))
            assert not any(below(name, "plotly") for name in names), path
            assert not any(below(name, "core.figures") for name in names), path


def test_mathematics_knows_arrays_and_no_table():
    for room, names in DECIDE_NOTHING_ABOUT_TABLES.items():
        for path in (ROOT / room / f"{name}.py" for name in names):
            found = imports(parse(path))
            assert not any(below(name, "core.measures.table") for name in found), path


def test_commands_import_what_they_need_when_they_run_so_that_help_is_quick():
    for path in files("cli.py", "commands"):
        top_level = [n for n in parse(path).body if not isinstance(n, ast.FunctionDef | ast.If)]
        names = set(imports(ast.Module(top_level, [])))
        assert not {name.partition(".")[0] for name in names} & (ROOMS_BEHIND | ARRAYS), path


def test_a_page_has_no_class_no_catch_all_and_no_cache_of_its_own():
    for path in files("pages"):
        source = path.read_text()
        assert len(source.splitlines()) <= 80, f"{path} is longer than a screen and a half"
        assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(parse(path))), path
        for word in ("set_page_config", "cache_data", "cache_resource", "unsafe_allow_html"):
            assert word not in source, f"{path}: {word}"


def test_nobody_catches_everything():
    for path in files(*ALLOWED):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ExceptHandler):
                assert ast.unparse(node.type or ast.Constant("everything")) not in {
                    "'everything'", "Exception", "BaseException",
                }, f"{path}:{node.lineno}"  # fmt: skip


def test_nobody_reads_a_pickle():
    unsafe = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "torch"}
    for path in files(*ALLOWED):
        tree = parse(path)
        found = {name for name in imports(tree) if name.partition(".")[0] in unsafe}
        assert not found, path
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert ast.unparse(node.value) == "False", f"{path}:{node.value.lineno}"
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.load", "numpy.load"}:
                assert any(k.arg == "allow_pickle" for k in node.keywords), f"{path}:{node.lineno}"


def test_no_function_is_longer_than_forty_lines():
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in files(*ALLOWED, "bench")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and length(node) > 40
    ]
    assert not too_long


def length(function):
    docstring = ast.get_docstring(function, clean=False) or ""
    return function.end_lineno - function.lineno + 1 - len(docstring.splitlines())


def test_the_first_page_loads_none_of_the_heavy_libraries():
    modules = "ui.cache, ui.controls, ui.item_card, ui.gallery, ui.views"
    heavy = ("scipy", "sklearn", "cleanlab", "cv2", "sqlalchemy")
    script = f"import sys, {modules}; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
