"""Sample articles, so that the first run has something to talk about."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Contains one folder per language."""
