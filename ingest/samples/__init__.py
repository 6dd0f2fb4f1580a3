"""Sample articles, so that the first run has something to talk about."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Holds one folder a language."""
