"""Figures: what one is, how it is read, when two agree."""

from assistant.core.figures.compare import agrees
from assistant.core.figures.figure import Figure, Kind
from assistant.core.figures.read import read_figures, spelled_figures
from assistant.core.figures.render import render_figure

__all__ = ["Figure", "Kind", "agrees", "read_figures", "render_figure", "spelled_figures"]
