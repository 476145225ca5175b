"""Arrays from Python, read as files are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from penumbra.files import Files
from penumbra.places import APP
from penumbra.server import ServerError

STUDY = "shown"
_ARGUMENTS = {
    "as": "kind=", "label": "labels=", "labels": "labels=", "id": "ids=", "images": "images=",
    "class-names": "class_names=", "held-out": "held_out=", "columns": "columns=",
}  # fmt: skip
"""What an option of the command `open` is called here; every other one is an answer."""
_MOST_EVIDENCE = 2


def read(
    arguments: Mapping[str, Any], folder: Path, environment: Mapping[str, str], key: str = STUDY
) -> dict[str, Any]:
    """Have the command `open` make a study of the data; there is no other reader.

    Args:
        arguments: Of `show`, those that were given.
        folder: To be made, and removed at the end.
        environment: Variables that name the place of the study.
        key: Of the study.

    Raises:
        ValueError: the data cannot be understood, or a question is open.
    """
    folder.mkdir()
    files = Files(folder)
    files.add(arguments)
    command = ["open", *map(str, files.paths), *files.options, f"--out={key}", "--no-show"]
    told = json.loads(run([*command, "--json"], environment, files.names))
    shutil.rmtree(folder)
    return told


def run(command: list[str], environment: Mapping[str, str], names: Mapping[str, str]) -> str:
    """What a command of the app prints.

    Raises:
        ValueError: its sentence, in the words of `show`.
    """
    here = {**os.environ, **environment}
    here.pop("PYTHONSAFEPATH", None)  # the app's own folder must come first
    done = subprocess.run(
        [sys.executable, str(APP / "cli.py"), *command],
        env=here, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        encoding="utf-8",
    )  # fmt: skip
    if done.returncode == 0:
        return done.stdout
    if done.returncode == 2 and done.stdout.startswith("{"):
        raise ValueError(_asked(json.loads(done.stdout)["question"], names))
    last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    if done.returncode != 2:
        raise ServerError(f"The app failed: {last}")
    raise ValueError(_in_our_words(last.removeprefix("penumbra: "), names))


def _asked(question: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = [option["value"] for option in question["options"]] or ["…"]
    if question["key"] == "as":
        answers = [f"kind={value!r}" for value in values]
    else:
        answers = [f"answers={{{question['key']!r}: {value!r}}}" for value in values]
    evidence = "".join(f" {line.rstrip('.')}." for line in question["evidence"][:_MOST_EVIDENCE])
    told = f"{question['text']}{evidence} Answer it with {' or '.join(answers)}."
    return _in_our_words(told, names)


def _in_our_words(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence of the command with arguments in place of its options and files."""
    for file, argument in names.items():
        sentence = sentence.replace(file, argument)
    return re.sub(r"--([a-z]+(?:-[a-z]+)*)\b=?", _argument, sentence)


def _argument(option: re.Match[str]) -> str:
    return _ARGUMENTS.get(option[1], f"answers={{{option[1]!r}: …}}")
