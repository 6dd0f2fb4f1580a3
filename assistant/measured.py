"""Where the measured results that ship with the program are: the evaluation writes them, the page shows them."""

from pathlib import Path

RELEASED = Path(__file__).with_name("measured.json")
"""Written by ``python -m eval report --release`` and ``eval realistic --release``."""
