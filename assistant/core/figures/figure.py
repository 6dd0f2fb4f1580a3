"""What a figure is."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a figure measures."""

    PERCENT = "percent"
    PERCENT_POINT = "percent_point"
    MONEY = "money"
    COUNT = "count"
    PARAMETER = "parameter"
    TOKEN = "token"  # noqa: S105 - a unit of text, no secret
    BYTE = "byte"
    DURATION = "duration"
    FREQUENCY = "frequency"
    DATE = "date"
    SCORE = "score"
    TIMES = "times"
    RANK = "rank"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: ``text`` stands at ``start`` to ``end`` of it.

    ``value`` is exact; a range has ``low`` and ``high`` instead, a date ``date`` in EDTF (``2025-04-30``, ``XXXX-04-30``). ``unit``
    is ``percent``, an ISO 4217 code, or a singular English noun; empty where the text names none. ``linked_to`` is the position,
    in the same reading, of the figure that states the same amount.
    """

    text: str
    kind: Kind
    value: Decimal | None
    unit: str
    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    approximate: bool = False
    vague: bool = False
    linked_to: int | None = None
    date: str | None = None
