"""Every requirement of level 1 stands in SECURITY.md once, and what it names is there."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "SECURITY.md").read_text()
LEVEL_1 = {
    "1.2": (1, 2, 3, 4, 5), "1.3": (1, 2), "1.5": (1,), "2.1": (1,), "2.2": (1, 2), "2.3": (1,),
    "3.2": (1, 2), "3.3": (1,), "3.4": (1, 2), "3.5": (1, 2, 3), "4.1": (1,), "4.4": (1,),
    "5.2": (1, 2), "5.3": (1, 2), "6.1": (1,), "6.2": (1, 2, 3, 4, 5, 6, 7, 8), "6.3": (1, 2),
    "6.4": (1, 2), "7.2": (1, 2, 3, 4), "7.4": (1, 2), "8.1": (1,), "8.2": (1, 2), "8.3": (1,),
    "9.1": (1, 2, 3), "9.2": (1,), "10.4": (1, 2, 3, 4, 5), "11.3": (1, 2), "11.4": (1,),
    "12.1": (1,), "12.2": (1, 2), "13.4": (1,), "14.2": (1,), "14.3": (1,), "15.1": (1,),
    "15.2": (1,), "15.3": (1,),
}  # fmt: skip
"""OWASP ASVS 5.0.0: sections and their requirements of level 1, seventy in all."""
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)


def test_every_requirement_of_level_1_stands_there_once():
    asked = [f"{section}.{n}" for section, numbers in LEVEL_1.items() for n in numbers]
    assert len(asked) == 70
    assert [row[0] for row in ROWS] == asked


def test_every_row_has_a_state_that_is_explained():
    states = Counter(row[2] for row in ROWS)
    assert set(states) == {"met", "in part", "yours", "none"}
    for state in ("Met", "in part", "yours", "none"):
        assert f"**{state}**" in TEXT


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`((?:ui|core|docs|tests)/[\w/.-]+)", TEXT)))
)
def test_what_it_names_is_there(named):
    assert (ROOT / named).exists()


def test_its_links_lead_somewhere():
    for target, anchor in re.findall(r"\]\(([^)#]+)#?([^)]*)\)", TEXT):
        headings = re.findall(r"^#+ (.+)$", (ROOT / target).read_text(), re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
