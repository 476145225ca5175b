"""The reference of `penumbra` in Python, from its own docstrings: `python -m bench.api`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "api.md"
_SECTIONS = {
    griffe.DocstringSectionKind.parameters: ("argument", "default"),
    griffe.DocstringSectionKind.attributes: ("attribute", ""),
    griffe.DocstringSectionKind.returns: ("returns", ""),
    griffe.DocstringSectionKind.raises: ("raises", ""),
}
_HEAD = """# Penumbra from Python

Made from the docstrings by `make api`.
"""


def reference() -> str:
    """The whole document as Markdown: what `penumbra` exports, and what it gives back."""
    package = griffe.load("penumbra", search_paths=[ROOT], docstring_parser=griffe.Parser.google)
    exported = sorted((package[str(name)] for name in package.exports or ()), key=_line)
    shown = package["shown.Shown"]
    public = [member for name, member in shown.members.items() if not name.startswith("_")]
    return "\n".join([
        _HEAD,
        *(_described(function, "penumbra") for function in exported),
        _described(shown, "penumbra.shown"),
        *(_described(member, "shown", "###") for member in public if member.docstring),
    ])  # fmt: skip


def _line(thing: griffe.Object) -> int:
    return thing.lineno or 0


def _described(thing: griffe.Object, owner: str, mark: str = "##") -> str:
    """One function, class or property: its name, how it is called, and its docstring."""
    lines = [f"{mark} `{owner}.{thing.name}`\n"]
    if isinstance(thing, griffe.Function) and thing.parameters:
        lines += ["```python", _call(thing, owner), "```\n"]
    for section in thing.docstring.parsed if thing.docstring else []:
        if section.kind in _SECTIONS:
            lines += _rows(section)
        else:
            lines += [str(section.value), ""]
    return "\n".join(lines)


def _call(function: griffe.Function, owner: str) -> str:
    """How it is called, in lines that fit."""
    taken = [each for each in function.parameters if each.name != "self"]
    stars = {griffe.ParameterKind.var_keyword: "**", griffe.ParameterKind.var_positional: "*"}
    named = [stars.get(each.kind, "") + each.name for each in taken]
    keyword = [i for i, e in enumerate(taken) if e.kind is griffe.ParameterKind.keyword_only]
    if keyword:
        named.insert(keyword[0], "*")
    start = f"{owner}.{function.name}("
    return textwrap.fill(f"{start}{', '.join(named)})", 92, subsequent_indent=" " * len(start))


def _rows(section: griffe.DocstringSection) -> Iterator[str]:
    """A section as a table; what raises and what returns goes by its type."""
    first, default = _SECTIONS[section.kind]
    yield f"| {first} | | {default} |" if default else f"| {first} | |"
    yield "|---|---|---|" if default else "|---|---|"
    for each in section.value:
        name = getattr(each, "name", "") or str(each.annotation)
        cells = [f"`{name}`", " ".join(str(each.description).split())]
        if default:
            cells.append(f"`{each.value}`" if each.value and each.value != "{}" else "")
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    OUT.write_text(reference())
