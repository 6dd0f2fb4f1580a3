"""Reads dates, times of day and ranges of dates."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.core.figures.amounts import amount_at, is_meant
from assistant.core.figures.dates import Found, date_at, plain_year_at
from assistant.core.figures.digits import read_digits
from assistant.core.figures.edtf import FIRST_QUARTER, decade_edtf
from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import Unit
from assistant.core.figures.line import Line
from assistant.core.figures.part import Part
from assistant.core.figures.ranges import DASH
from assistant.core.figures.times import time_at
from assistant.core.languages import Language

DATE = Unit(Kind.DATE, "date")
_TIME = Unit(Kind.TIME, "time")
_DAYS = re.compile(r"\s?(\d{1,2})\s?[~∼〜～–-]\s?(\d{1,2})일")
_DATE_RANGE_REACH = 12


def dated_at(line: Line, at: int, published: date | None) -> list[Part]:
    """A date or time of day, or the two ends of a range of dates; empty if there is none."""
    if found := date_at(line, at, published):
        days = (
            _DAYS.match(line.text, found.end) if line.language is Language.KO and _is_month(found) else None
        )
        if days:  # 7월 5~9일
            first = Part(DATE, at, days.end(1), date=f"{found.edtf}-{int(days[1]):02}")
            return [first, Part(DATE, days.start(2), days.end(), date=f"{found.edtf}-{int(days[2]):02}")]
        first = Part(DATE, at, found.end, date=found.edtf)
        dash = DASH.match(line.text, found.end) if found.edtf.isdecimal() else None
        second = plain_year_at(line, dash.end()) if dash else None  # năm 2024-2025
        return [first, Part(DATE, dash.end(), second.end, date=second.edtf)] if dash and second else [first]
    if found := time_at(line, at):
        return [Part(_TIME, at, found.end, date=found.edtf)]
    dash = DASH.search(line.text, at, at + _DATE_RANGE_REACH) if line.text[at].isdecimal() else None
    first_edtf, second = _date_range(line, at, dash) if dash else (None, None)
    if dash is None or first_edtf is None or second is None:
        return []
    return [
        Part(DATE, at, dash.start(), date=first_edtf),
        Part(DATE, dash.end(), second.end, date=second.edtf),
    ]


def same_period(line: Line, part: Part, before: Sequence[Part]) -> Part:
    """A year that says "the same period of": the period named before it, in that year."""
    if part.date is None or not part.date.isdecimal():
        return part
    words = tuple(line.grammar.dates["same_period"])
    if not line.before(part.start).rstrip(" ").endswith(words) and not line.low.startswith(
        words, line.skip_space(part.end)
    ):
        return part
    years = ("XXXX", str(int(part.date) + 1))
    period = next(
        (one.date for one in before[::-1] if one.date and one.date[4:] and one.date[:4] in years), part.date
    )
    return replace(part, date=part.date + period[4:])


def _is_month(found: Found) -> bool:
    return found.edtf[-3:-2] == "-" and found.edtf.count("-") == 1


def _date_range(line: Line, at: int, dash: re.Match[str]) -> tuple[str | None, Found | None]:
    """A date range, e.g. "3~5월", "5~9일", "2018-2020년", "80~90년대": the first end takes the unit of the second."""
    first, second = read_digits(line, at), date_at(line, dash.end()) or plain_year_at(line, dash.end())
    if (
        first is None
        or first[2] != dash.start()
        or second is None
        or first[0] != first[0].to_integral_value()
    ):
        return None, None
    number = int(first[0])
    if second.edtf.endswith("X"):
        return (decade_edtf(number) if number % 10 == 0 else None), second
    if len(second.edtf) == len("2025"):
        year = None if is_counted(line, at, dash.start()) else plain_year_at(line, at)
        return (year.edtf if year else None), second
    if line.language is not Language.KO or not 1 <= number <= (12 if _is_month(second) else 31):
        return None, None
    if "-3" in second.edtf[-3:-1] and _is_month(second):  # 1~3분기
        number += FIRST_QUARTER - 1
    return f"{second.edtf[:-2]}{number:02}", second


def is_counted(line: Line, start: int, end: int) -> bool:
    """Whether a four-digit number begins a range with a unit attached to it: the 2000 of "2000~2030명"."""
    dash = DASH.match(line.text, end)
    first, second = amount_at(line, start), amount_at(line, dash.end()) if dash else None
    if first is None or second is None or not is_meant(line, first):
        return False  # giai đoạn 2021-2030
    is_attached = second.explicit and not line.text.startswith(" ", second.number.end)  # 2025~2026 GPU 5만 장
    return is_attached and second.unit.kind is not Kind.DURATION and is_meant(line, second)
