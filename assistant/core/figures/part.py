"""A figure in the prepared text, before its offsets are mapped back to the original."""

from dataclasses import dataclass
from decimal import Decimal

from assistant.core.figures.grammar import Unit


@dataclass(frozen=True, slots=True)
class Part:
    """Fields as in ``Figure``, with ``start`` and ``end`` in the prepared text."""

    unit: Unit
    start: int
    end: int
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    approximate: bool = False
    vague: bool = False
    date: str | None = None
