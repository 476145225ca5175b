"""Where inputs lie that failed once, by target; a mended one stays mended."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
