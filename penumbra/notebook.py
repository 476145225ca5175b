"""The notebook around us, if there is one: where it is shown, and what stands in its cell."""

from __future__ import annotations

import base64
import json
import os
import sys
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1")
_EVERYWHERE = {"", "*", "0.0.0.0", "::"}  # noqa: S104 - a name, nothing is bound to it
_PROBE = """
(() => {
  const here = document.currentScript.parentElement, frame = here.querySelector("iframe");
  const address = new URL(frame.src), host = location.hostname;
  if (["localhost", "127.0.0.1"].includes(host) && host !== address.hostname) {
    address.hostname = host;
    frame.src = address;
  }
  fetch(new URL("/_stcore/health", address), {mode: "no-cors"}).catch(() => {
    frame.remove();
    here.querySelector("details").open = true;
    here.querySelector("[role=status]").textContent =
      "The dashboard does not answer: it has ended, or runs on another machine.";
  });
})();
"""
"""Without an answer the still picture takes the frame's place: in a saved notebook, for example."""


def cell() -> int | None:
    """The number of the cell that runs; None where there is no notebook."""
    shell = _shell()
    return None if shell is None else int(shell.execution_count)


def origins() -> list[str]:
    """Where the notebook is shown: origins, such as http://localhost:8888, that may frame us."""
    if _shell() is None:
        return []
    if "VSCODE_PID" in os.environ:
        return ["vscode-webview:", "vscode-file:"]
    found = [_origin(told) for told in _servers()]
    return list(dict.fromkeys(origin for several in found for origin in several))


def put(html: str, text: str) -> None:
    """Show something in the cell that runs."""
    from IPython.display import publish_display_data

    publish_display_data({"text/html": html, "text/plain": text})


def frame(url: str, words: str, picture: bytes | None, height: int, framed: bool) -> str:
    """The dashboard in a frame, with a link, and a still picture for when it has ended.

    Args:
        url: Of the dashboard.
        words: What it shows.
        picture: SVG, if there is one.
        height: Of the frame, in pixels.
        framed: Whether the app lets itself be framed here.
    """
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener">Open it in a tab of its own</a>'
    inside = (
        f'<iframe src="{escape(url)}" title="Penumbra" allow="clipboard-write" width="100%"'
        f' height="{int(height)}" style="border: 1px solid #8884; border-radius: 8px"></iframe>'
    )
    status = '<span role="status"></span>'
    return (
        f"<div><p>Penumbra, {escape(words)}. {link}. {status}</p>{inside if framed else ''}"
        f"{_details(picture, is_open=not framed)}"
        f"{f'<script>{_PROBE}</script>' if framed else ''}</div>"
    )


def still(picture: bytes | None, words: str) -> str:
    """What is left of a dashboard that has ended."""
    return f"<div><p>{escape(words)}</p>{_details(picture, is_open=True)}</div>"


def _details(picture: bytes | None, is_open: bool) -> str:
    if picture is None:
        return "<details><summary>There is no still picture of it</summary></details>"
    address = f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"
    return (
        f"<details{' open' if is_open else ''}><summary>Still picture</summary>"
        f'<img src="{address}" alt="Scatter of confidence by class" width="860"/></details>'
    )


def _shell() -> Any:
    """IPython's shell in a kernel; None elsewhere, in a terminal too."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


def _servers() -> list[dict[str, Any]]:
    """What the Jupyter server that started this kernel says of itself."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return []
    started_by = {os.environ.get("JPY_PARENT_PID", ""), str(os.getppid())}
    files = [Path(jupyter_runtime_dir()) / f"jpserver-{pid}.json" for pid in started_by if pid]
    found = []
    for file in files:
        try:
            found.append(json.loads(file.read_text("utf-8")))
        except (OSError, ValueError):
            continue
    return found


def _origin(told: dict[str, Any]) -> list[str]:
    address = urlsplit(str(told.get("url", "")))
    if address.scheme not in {"http", "https"}:
        return []
    host = address.hostname or ""
    port = f":{address.port}" if address.port else ""
    hosts = _LOOPBACK if host in {*_LOOPBACK, *_EVERYWHERE} else (host,)
    return [f"{address.scheme}://{name}{port}" for name in hosts]
