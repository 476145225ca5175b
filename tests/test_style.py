"""Words that our style guide avoids stand in no text: interface, messages, documents."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AVOIDED = [
    r"take away\b", r"\btaken away\b", r"as sure as it should be", r"\bone would share\b",
    r"\bthis model has not\b", r"\btell what is no\b", r"is no whole number", r"\bkept with its\b",
    r"\bany × any\b", r"\bwhat it stands on\b", r"\bone confusion\b", r"(?-i:\bSurest first\b)",
    r"go together more than", r"no formula continues", r"\bdecided alone\b",
    r"going on from its newest", r"no image to be judged by", r"\bwithin every class\b",
    r"\b(one|a) (row|column|number|label|class|value|threshold|network) an? (row|item|class|image|"
    r"pixel|person|fold|line|column)\b",
    r"\d%(?![\w(\"'{;:}])(?!.*(css|style|width|height))",
]  # fmt: skip


def texts():
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        ROOT / name
        for name in tracked.stdout.split()
        if not name.startswith(("tests/", "bench/")) and name != "docs/style.md"
    ]


@pytest.mark.parametrize("phrase", AVOIDED)
def test_a_phrase_that_the_style_guide_avoids_stands_nowhere(phrase):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in texts()
        if path.is_file()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(phrase, line, re.IGNORECASE)
    ]
    assert not found
