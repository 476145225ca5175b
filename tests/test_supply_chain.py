"""What is installed is what was locked, and it is listed."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bench.audit import LOCKED, judge
from bench.sbom import write_sbom

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^([a-z0-9-]+(?:\[[a-z,]+\])?)==([^ ;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


def pinned(name):
    return PINNED.findall((ROOT / name).read_text())


def hashes(name):
    """Package and version -> the hashes under them."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())
    return {
        named.groups(): set(HASH.findall(entry))
        for entry in entries
        if (named := PINNED.match(entry))
    }


FILES = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", FILES)
def test_every_locked_package_has_its_hashes(name):
    packages = hashes(name)
    assert len(packages) == len(pinned(name)) >= (50 if name in LOCKED else 1)
    for package, found in packages.items():
        assert len(found) >= 1, package


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-serve.txt"])
def test_what_is_served_is_what_was_tested(name):
    served, tested = hashes(name), hashes("requirements-dev.txt")
    assert served == {package: tested.get(package) for package in served}


@pytest.mark.parametrize("name", LOCKED)
def test_every_dependency_that_is_asked_for_is_locked(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = {re.split(r"[\[><=]", each)[0] for each in project}
    assert wanted <= {each.partition("[")[0] for each, _ in pinned(name)}


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    out = tmp_path_factory.mktemp("sbom") / "penumbra.cdx.json"
    write_sbom(out)
    return out.read_text()


def test_the_bill_of_materials_is_valid(bill):
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(bill) is None
    assert validator.validate_str(bill.replace('"CycloneDX"', '"Cyclone"')) is not None


def test_the_bill_names_every_locked_package_with_version_and_hashes(bill):
    said = json.loads(bill)
    listed = {(part["name"], part["version"]) for part in said["components"]}
    assert listed == set(pinned("requirements-serve.txt"))
    assert said["metadata"]["component"]["name"] == "penumbra"
    for part in said["components"]:
        assert any(reference.get("hashes") for reference in part["externalReferences"]), part
        assert part["purl"].startswith(f"pkg:pypi/{part['name'].partition('[')[0]}@")


def test_the_same_lock_gives_the_same_bill(bill, tmp_path):
    write_sbom(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == bill


FINE = {"name": "fine", "version": "1", "vulns": []}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("found", "passes", "words"),
    [
        ([FINE], True, "1 packages asked for, 0 known"),
        ([FINE, UNKNOWN], True, "1 not known to the index, 0 known"),
        ([FINE, BAD, UNKNOWN], False, "bad 2: PYSEC-1, mended in 3"),
        ([UNKNOWN], True, "SKIPPED"),
        ([], True, "SKIPPED"),
        (None, True, "SKIPPED"),
    ],
)
def test_an_audit_says_what_it_could_not_ask(found, passes, words):
    judged = judge("lock.txt", found)
    assert judged[0] == passes and words in judged[1]


def test_every_file_that_is_locked_is_made_by_make_lock():
    makefile = (ROOT / "Makefile").read_text()
    assert set(LOCKED) <= set(FILES)
    for name in FILES:
        assert re.search(
            rf"uv pip compile .*--generate-hashes.* -o {re.escape(name)}$", makefile, re.MULTILINE
        )
