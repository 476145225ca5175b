"""Known vulnerabilities of what is locked: `python -m bench.audit` exits with 1 if there are any.

pip-audit asks the package index for them. Where the index cannot be asked, or knows nothing of a
package, pip-audit itself says that all is well: here that is said for what it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ("requirements-serve.txt", "requirements.txt", "requirements-dev.txt")
_SECONDS = 600


def ask(lock: Path) -> list[dict[str, Any]] | None:
    """What is known of each package of a lock file; None where nobody can be asked."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes",
         "--disable-pip", "--format", "json", "--progress-spinner", "off"],
        capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None


def judge(name: str, found: list[dict[str, Any]] | None) -> tuple[bool, str]:
    """Whether a lock file may pass, and the sentence that says why.

    Args:
        name: Of the lock file.
        found: From `ask`.
    """
    known = [each for each in found or [] if "skip_reason" not in each]
    if not known:
        return True, f"{name}: SKIPPED, the index cannot be asked for known vulnerabilities here."
    bad = [
        f"{each['name']} {each['version']}: {vuln['id']}, mended in {_mended(vuln)}"
        for each in known
        for vuln in each.get("vulns", [])
    ]
    unknown = len(found or []) - len(known)
    rest = f", {unknown} not known to the index" if unknown else ""
    said = f"{name}: {len(known)} packages asked for{rest}, {len(bad)} known vulnerabilities."
    return not bad, "\n  ".join([said, *bad])


def _mended(vulnerability: dict[str, Any]) -> str:
    return ", ".join(vulnerability.get("fix_versions", [])) or "no version yet"


def main() -> int:
    """The exit code: 1 if a lock file has a known vulnerability."""
    judged = [judge(name, ask(ROOT / name)) for name in LOCKED]
    print("\n".join(sentence for _, sentence in judged))
    return int(not all(passes for passes, _ in judged))


if __name__ == "__main__":
    sys.exit(main())
