"""What there is stands in the documents, and what they say there is."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import cli
from bench import api, architecture
from core.figures.compare import METRICS
from core.measures.register import MEASURES
from core.trust.conformal import METHODS
from core.trust.terms import TERMS
from tests.patience import SECONDS
from tests.test_style import texts

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def glossary():
    """Everything the glossary page shows, as one text."""
    app = AppTest.from_file(str(ROOT / "navigation.py"), default_timeout=SECONDS).run()
    app.switch_page("pages/glossary.py").run()
    assert not app.exception
    return "\n".join(
        part.value for part in (*app.subheader, *app.markdown, *app.latex, *app.caption)
    )


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.column)
def test_every_measure_stands_in_the_glossary(measure, glossary):
    for text in (measure.title, measure.column, measure.meaning, measure.formula, measure.source):
        assert text in glossary


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_every_term_of_trust_stands_in_the_glossary(term, glossary):
    for text in (term.name, term.meaning, term.formula, term.source):
        assert text in glossary


def test_the_methods_and_metrics_that_trust_names_are_explained():
    words = set(
        re.findall(r"\w+", " ".join(f"{term.name} {term.meaning}" for term in TERMS).lower())
    )
    assert {name.removesuffix("_null") for name in (*METHODS, *METRICS)} <= words


@pytest.mark.parametrize("command", sorted(cli.app.commands))
def test_every_command_stands_in_the_list_of_commands(command):
    listed = (ROOT / "docs" / "commands.md").read_text()
    assert re.search(rf"python cli\.py {command}\b", listed)


def test_every_page_stands_in_the_readme_with_its_title_in_the_menu():
    titles = re.findall(
        r'st\.Page\("(pages/\w+\.py)", title="([^"]+)"', (ROOT / "navigation.py").read_text()
    )
    assert sorted(path for path, _ in titles) == sorted(
        f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")
    )
    for _, title in titles:
        assert f"**{title}**" in README


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_command_and_file_a_document_names_exists(path):
    text, commands = path.read_text(), cli.app.commands
    assert set(re.findall(r"python cli\.py (\w[\w-]*)", text)) <= set(commands)
    targets = set(re.findall(r"^([\w -]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target


def test_every_dependency_stands_in_the_readme_with_its_reason():
    pyproject = (ROOT / "pyproject.toml").read_text()
    listed = pyproject[pyproject.index("dependencies = [") : pyproject.index("[dependency-groups]")]
    for name in re.findall(r'"([a-z0-9-]+)(?:\[\w+\])?[><=]', listed):
        assert f"`{name}`" in README, name


def test_the_picture_of_the_rooms_is_drawn_from_the_arrows():
    drawn = architecture.OUT.read_text() == architecture.picture()
    assert drawn, "draw it anew: python -m bench.architecture"


def test_the_reference_of_the_python_door_is_made_from_its_docstrings():
    assert api.OUT.read_text() == api.reference(), "make it anew: make api"


def names_in(path):
    """Everything that a file defines or sets, attributes too."""
    return {
        getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "attr", "")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Name | ast.Attribute)
    }


def exists(reference):
    """Whether a dotted name leads to a folder, a file, or what a file defines."""
    *parts, last = reference.split(".")
    folder, module = ROOT.joinpath(*parts, last), ROOT.joinpath(*parts, f"{last}.py")
    file = ROOT.joinpath(*parts).with_suffix(".py")
    return folder.is_dir() or module.exists() or (file.exists() and last in names_in(file))


def test_what_docstrings_and_comments_refer_to_is_there():
    rooms = "bench|commands|core|examples|models|pages|tests|ui"
    missing = [
        f"{path.relative_to(ROOT)}: {reference}"
        for path in texts()
        if path.suffix == ".py" and path.is_file()
        for reference in re.findall(rf"`((?:{rooms})(?:\.\w+)+)`", path.read_text())
        if not exists(reference)
    ]
    assert not missing


def test_every_row_on_reliability_has_a_command_that_is_there():
    lines = (ROOT / "docs" / "reliability.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("|") and line[1:4] not in ("---", " wh")]
    assert len(rows) >= 15
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for row in rows:
        command = row.split("|")[-2].strip().strip("`")
        match command.split():
            case ["python", "-m", "pytest", *paths]:
                assert paths and all((ROOT / path).is_file() for path in paths), command
            case ["python", "-m", module, *_]:
                assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), command
            case ["make", target, *_]:
                assert target in targets, command
            case _:
                pytest.fail(f"no command: {row}")
