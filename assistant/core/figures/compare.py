"""When two figures agree."""

from assistant.core.figures.dates import date_agrees
from assistant.core.figures.figure import Figure


def agrees(answer: Figure, source: Figure) -> bool:
    """Whether a figure of an answer states what the source states: same kind, same unit, equal value, every part of a date."""
    if (answer.kind, answer.unit) != (source.kind, source.unit):
        return False
    if answer.date and source.date:
        return date_agrees(answer.date, source.date)
    return (answer.value, answer.low, answer.high) == (source.value, source.low, source.high)
