"""Figures: the type, reading, comparison and rendering."""

from assistant.core.figures.agreement import Comparison, agrees
from assistant.core.figures.contradictions import Contradiction, contradictions
from assistant.core.figures.edtf import render_date
from assistant.core.figures.figure import COUNTERS, Figure, Kind, exact_strings, figure_json, joined
from assistant.core.figures.grammar import Unit
from assistant.core.figures.read import read_figures
from assistant.core.figures.render import render_figure
from assistant.core.figures.units import unit_of

__all__ = [
    "COUNTERS",
    "Comparison",
    "Contradiction",
    "Figure",
    "Kind",
    "Unit",
    "agrees",
    "contradictions",
    "exact_strings",
    "figure_json",
    "joined",
    "read_figures",
    "render_date",
    "render_figure",
    "unit_of",
]
