"""Decides whether two figures agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assistant.core.figures.edtf import date_agrees
from assistant.core.figures.figure import COUNTERS, Figure, Kind
from assistant.core.figures.numbers import EXACT
from assistant.core.languages import Language

_MAX_ROUNDING = Decimal("0.05")
"""Largest relative rounding error for values with trailing zeros: "about 400" may stand for 398 but not for 440."""
_COMMA = 1000
"""The factor between the two readings of a comma."""
_PEOPLE = frozenset(("person", "user", "developer", "engineer", "expert", "student", "vote"))
_SITES = frozenset(
    (
        "company",
        "startup",
        "institution",
        "school",
        "university",
        "lab",
        "data_center",
        "city",
        "hospital",
        "ministry",
        "household",
    )
)
"""Things that Korean counts with 곳."""
_NEVER_THINGS = _PEOPLE | {"year_of_age"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of a comparison: truthy if the figures agree, else with the reason ("currency differs: CNY, KRW")."""

    reason: str | None = None

    def __bool__(self) -> bool:
        """Whether the figures agree."""
        return self.reason is None


def agrees(answer: Figure, source: Figure, published: date | None = None) -> Comparison:
    """Whether a figure in an answer states what the source states.

    Kind and unit must be the same; units are never converted. Values must be equal, or the answer's must be
    the source's rounded if either is marked as approximate. A range agrees with the same range; an open range
    ("up to 235 billion") agrees with a range that has the same bound. A figure without an exact value agrees
    only with one of the same order of magnitude.

    Args:
        answer: From the text being checked.
        source: From the text taken as true.
        published: The source's date, used to complete partial dates.
    """
    if _is_day(answer, source) or _is_day(source, answer):
        return Comparison()
    if answer.kind is not source.kind and not _counts_the_same(answer, source):
        return Comparison(f"kind differs: {answer.kind}, {source.kind}")
    if answer.unit != source.unit and not _counts_the_same(answer, source):
        return Comparison(
            f"{'currency' if answer.kind is Kind.MONEY else 'unit'} differs: {answer.unit or '-'}, {source.unit or '-'}"
        )
    if answer.date is not None and source.date is not None:
        return (
            Comparison()
            if date_agrees(answer.date, source.date, published)
            else _differ("date", answer.date, source.date)
        )
    if answer.vague or source.vague:
        same = (answer.vague, answer.low, answer.high) == (source.vague, source.low, source.high)
        return Comparison() if same else _differ("precision", answer.text, source.text)
    if answer.value is not None and source.value is not None:
        return _values(answer, source, answer.value, source.value)
    if answer.value is None and source.value is None:
        ends = [(a, s) for a, s in ((answer.low, source.low), (answer.high, source.high)) if a is not None]
        return Comparison() if all(a == s for a, s in ends) else _differ("range", answer.text, source.text)
    bound = answer if answer.value is None else source
    exact = source if bound is answer else answer
    # "over 600" means the same as "600여": a value with the side on which it lies.
    sided = exact.approximate and (exact.low, exact.high) == (bound.low, bound.high)
    return Comparison() if sided else _differ("range", answer.text, source.text)


def with_units_of(beside: Sequence[Figure], figure: Figure) -> list[Figure]:
    """A unitless figure in each unit of the figures beside it: "42 tỷ đồng …, năm 2026 dự kiến 57 tỷ"."""
    units = {(other.kind, other.unit) for other in beside if other.unit and other.date is None}
    return [replace(figure, kind=kind, unit=unit) for kind, unit in units] if not figure.unit else []


def as_written(figure: Figure, language: Language) -> Figure:
    """The figure; where a Vietnamese comma may be read in two ways ("69,241 tỷ"), as the decimal comma that it is by rule."""
    is_number = figure.vague and figure.low is not None and figure.high == _COMMA * figure.low
    if language is not Language.VI or not is_number:
        return figure
    return replace(figure, value=figure.low, low=None, high=None, vague=False)


def _values(answer: Figure, source: Figure, stated: Decimal, given: Decimal) -> Comparison:
    if stated == given:
        return Comparison()
    if (answer.approximate or source.approximate) and _rounds_to(given, stated):
        return Comparison()
    return _differ("value", f"{stated.normalize():f}", f"{given.normalize():f}")


def _rounds_to(given: Decimal, stated: Decimal) -> bool:
    """Whether ``given`` rounds to ``stated`` at the last significant place of ``stated``."""
    if not stated:
        return False
    last_place = Decimal(1).scaleb(int(stated.normalize().as_tuple().exponent))
    if given.quantize(last_place, ROUND_HALF_UP, EXACT) != stated:
        return False
    return last_place < 1 or abs(given - stated) <= _MAX_ROUNDING * abs(given)


def _counts_the_same(answer: Figure, source: Figure) -> bool:
    """Whether two counts may be of the same thing although their units differ ("2048개", "2,048 GPUs").

    The answer may leave out what is counted; if the source does, the answer may name anything but a person.
    Korean counts people with 명, whatever the other language calls them ("98만 명", "980,000 users"). Only
    Korean distinguishes ranks from ordinals and multiples from occurrences.
    """
    if answer.kind is source.kind and answer.kind in (Kind.RANK, Kind.TIMES):
        return True
    counts = (Kind.COUNT, Kind.PARAMETER, Kind.TOKEN)
    if answer.kind not in counts or source.kind not in counts:
        return False
    if answer.unit == "":
        return True
    units = {answer.unit, source.unit}
    if "person" in units and units <= _PEOPLE:
        return True
    if "place" in units:
        return units - {"place"} <= _SITES
    if answer.unit in COUNTERS:
        return source.unit not in _NEVER_THINGS
    return source.unit in COUNTERS and answer.unit not in _NEVER_THINGS


def _is_day(bare: Figure, days: Figure) -> bool:
    """Whether a bare Korean 일, read as a day of some month, may be so many days: "23일로 늦어졌다"."""
    return (
        (days.kind, days.unit) == (Kind.DURATION, "day")
        and days.value is not None
        and bare.text.endswith("일")
        and bare.date == f"XXXX-XX-{int(days.value):02}"
    )


def _differ(what: str, answer: str, source: str) -> Comparison:
    return Comparison(f"{what} differs: {answer}, {source}")
