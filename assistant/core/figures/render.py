"""Writes a figure as a language writes it."""

from decimal import Decimal

from assistant.core.figures.figure import Figure, Kind
from assistant.core.text import Language


def render_figure(figure: Figure, language: Language) -> str:
    """The figure in the language's own notation; as the source writes it where no rule is known."""
    if figure.kind is Kind.PERCENT and figure.value is not None:
        return f"{_number(figure.value, language)}%"
    return figure.text


def _number(value: Decimal, language: Language) -> str:
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if language is Language.VI else text
