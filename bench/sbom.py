"""The bill of materials: every package that the dashboard runs on, in CycloneDX's form.

`python -m bench.sbom` writes it, made of `requirements-serve.txt`, hashes included.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "penumbra.cdx.json"


def write_sbom(out: Path) -> None:
    """Write it; the same lock file gives the same bytes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements",
         "requirements-serve.txt", "--pyproject", "pyproject.toml", "--output-reproducible",
         "--sv", "1.6", "--of", "JSON", "-o", str(out)],
        cwd=ROOT, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    write_sbom(OUT)
    print(OUT)
