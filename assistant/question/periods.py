"""Finds the publication period that a question is restricted to, by its language's word rules."""

import re
from calendar import month_name, monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from assistant.core.languages import Language, pack
from assistant.core.records import Filters

_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}


def within(filters: Filters, text: str, language: Language, today: date) -> Filters:
    """The filters with the period that a question names; dates that are already set take precedence."""
    if filters.since or filters.until:
        return filters
    since, until = _period(text, pack(language).periods, today)
    return replace(filters, since=since, until=until)


def _period(text: str, words: Mapping[str, re.Pattern[str]], today: date) -> tuple[date | None, date | None]:
    if found := words["month"].search(text):
        return _month(found, today)
    if found := words["last"].search(text):
        n = int(found["n"])
        return (
            _months_back(today, n)
            if found["month"]
            else today - timedelta(days=n * (7 if found["week"] else 1))
        ), None
    for name, pattern in words.items():
        unit, _, back = name.partition(" ")
        if back and pattern.search(text):
            n = int(back)
            if unit == "months":
                return _months_back(today, n).replace(day=1), None
            return today - timedelta(days=n if unit == "days" else today.weekday() + 7 * n), None
    return None, None


def _month(found: re.Match[str], today: date) -> tuple[date, date]:
    """First and last day of a month; without a year, of the latest such month that has begun."""
    parts = {key.removesuffix("_before"): value for key, value in found.groupdict().items() if value}
    month = int(parts["month"]) if "month" in parts else _MONTHS[parts["month_name"].lower()]
    year = int(parts["year"]) if "year" in parts else today.year - (month > today.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _months_back(day: date, n: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - n, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
