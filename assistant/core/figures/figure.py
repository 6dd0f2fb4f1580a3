"""The figure type."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a figure measures."""

    PERCENT = "percent"
    PERCENT_POINT = "percent_point"
    MONEY = "money"
    COUNT = "count"
    PARAMETER = "parameter"
    TOKEN = "token"  # noqa: S105 - a unit of text, not a secret
    BYTE = "byte"
    DURATION = "duration"
    FREQUENCY = "frequency"
    DATE = "date"
    TIME = "time"
    SCORE = "score"
    TIMES = "times"
    RANK = "rank"
    RATIO = "ratio"


COUNTERS = frozenset(
    (
        "item",
        "machine",
        "sheet",
        "kind",
        "work",
        "volume",
        "vessel",
        "animal",
        "tree",
        "building",
        "craft",
        "place",
    )
)
"""Units that show that things are counted but not which: Korean 개, 대, 장, 곳, Vietnamese chiếc, English items."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: ``text`` spans ``start`` to ``end`` and includes a qualifier such as "about" or "more than".

    ``value`` is exact; for a ratio it is the quotient to 28 digits, for a frequency the number of units
    between two occurrences. A range has ``low`` and ``high`` instead of ``value``, an open range only one of
    them ("more than 600" has ``low``). ``approximate`` marks "about"; an approximate value that is known to
    lie on one side also has ``low`` or ``high`` ("600여", "nearly 600"). ``vague`` marks a figure without an
    exact value: an order of magnitude ("수십억": from ``low`` inclusive to ``high`` exclusive) or an ambiguous
    number (two readings, ``low`` and ``high``). ``unit`` is ``percent``, an ISO 4217 code or a singular
    English noun, empty if the text names none. ``date`` is EDTF for a date (``2025-04-30``, ``XXXX-04-30``,
    ``199X``, ``2025-33`` for a first quarter) and ``T18:45`` for a time of day. ``linked_to`` is the index,
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


def joined(readings: Iterable[tuple[int, Sequence[Figure]]]) -> tuple[Figure, ...]:
    """The figures of several parts of a text as one reading; each part comes with its offset in the text."""
    found: list[Figure] = []
    for offset, figures in readings:
        first = len(found)
        found += (
            replace(
                figure,
                start=figure.start + offset,
                end=figure.end + offset,
                linked_to=None if figure.linked_to is None else first + figure.linked_to,
            )
            for figure in figures
        )
    return tuple(found)


def exact_strings(figure: Figure) -> tuple[str | None, str | None, str | None]:
    """Value, low and high as exact decimal strings without exponent; a date's value is its EDTF."""
    value, low, high = (
        None if n is None else f"{n.normalize():f}" for n in (figure.value, figure.low, figure.high)
    )
    return figure.date or value, low, high


def figure_json(figure: Figure) -> dict[str, Any]:
    """The figure as plain JSON types; values as in ``exact_strings``."""
    value, low, high = exact_strings(figure)
    return {
        "text": figure.text,
        "kind": figure.kind.value,
        "value": value,
        "low": low,
        "high": high,
        "unit": figure.unit,
        "approximate": figure.approximate,
        "vague": figure.vague,
        "linked_to": figure.linked_to,
        "start": figure.start,
        "end": figure.end,
    }
