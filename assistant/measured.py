"""Where the measured results are: those that ship with the program, and those of one's own runs."""

from pathlib import Path

RELEASED = Path(__file__).with_name("measured.json")
"""Written by ``python -m eval report --release`` and ``eval realistic --release``."""
