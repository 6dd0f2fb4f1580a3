"""Dates as EDTF: ``2025-04-30``, ``XXXX-04-30``, ``2025-07``.

A decade is ``199X``; quarters are ``2025-33`` to ``2025-36``, half-years ``2025-40`` and ``2025-41``. A time
of day is ``T18:45`` or ``T18:45:10``.
"""

from calendar import monthrange
from datetime import date

from assistant.core.languages import Language

YEARS = range(100, 10_000)
FIRST_QUARTER = 33
FIRST_HALF = 40
_LEAP_YEAR = 2024
_AHEAD = 6
"""How many months ahead an article mentions a month without its year."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def date_edtf(year: int | None, month: int | None, day: int | None) -> str | None:
    """The EDTF of a date whose parts may be unknown; None if the parts are not a valid date."""
    if (
        not (month is None or 1 <= month <= 12)
        or not (day is None or 1 <= day <= (monthrange(year or _LEAP_YEAR, month)[1] if month else 31))
        or not (year is None or year in YEARS)
    ):
        return None
    text = "XXXX" if year is None else f"{year:04}"
    if month or day:
        text += f"-{month:02}" if month else "-XX"
    text += f"-{day:02}" if day else ""
    return text if text != "XXXX" else None


def decade_edtf(first_year: int) -> str:
    """A decade from its first year; two digits mean the twentieth century (``90`` is ``199X``)."""
    return f"{first_year // 10}X" if first_year >= 100 else f"19{first_year // 10}X"


def date_agrees(answer: str, source: str, published: date | None = None) -> bool:
    """Whether the source's date, completed from the article's date, contains every part stated in the answer's date."""
    if answer.startswith("T") or source.startswith("T"):
        return answer == source
    stated, given = answer.split("-"), _completed(source, published).split("-")
    if len(given) < len(stated):
        return False
    return all(part in ("XX", "XXXX") or part == other for part, other in zip(stated, given, strict=False))


def _completed(edtf: str, published: date | None) -> str:
    """A date with the parts that a reader infers from the publication date.

    A bare day is in the month of publication. A bare month is in the year of publication, unless that is more
    than half a year after the article: it may then be last year's, and the year stays open.
    """
    year, _, rest = edtf.partition("-")
    if published is None or year != "XXXX":
        return edtf
    if rest.startswith("XX-"):
        return f"{published:%Y-%m}-{rest[3:]}"
    month = int(rest[:2])
    first_month = month
    if month >= FIRST_QUARTER:
        first_month = 6 * (month - FIRST_HALF) + 1 if month >= FIRST_HALF else 3 * (month - FIRST_QUARTER) + 1
    return f"{published.year}-{rest}" if first_month <= published.month + _AHEAD else edtf


def render_date(edtf: str, language: Language) -> str:
    """The date or time as the language writes it."""
    if edtf.startswith("T"):
        return _render_time(edtf, language)
    if edtf.endswith("X") and "-" not in edtf:
        decade = f"{edtf[:-1]}0"
        return {Language.KO: f"{decade}년대", Language.VI: f"thập niên {decade}", Language.EN: f"{decade}s"}[
            language
        ]
    year, month, day = ([*(None if "X" in part else int(part) for part in edtf.split("-")), None, None])[:3]
    if month and month >= FIRST_QUARTER:
        return _render_part(month, year, language)
    if language is Language.EN:
        if day and not month:
            return f"the {ordinal(day)}"
        return " ".join(str(part) for part in (day, _MONTHS[month - 1] if month else None, year) if part)
    if language is Language.VI:
        return " ".join(
            f"{word} {part}" for word, part in (("ngày", day), ("tháng", month), ("năm", year)) if part
        )
    return " ".join(f"{part}{word}" for part, word in ((year, "년"), (month, "월"), (day, "일")) if part)


def ordinal(number: int) -> str:
    """English ordinal: 1st, 2nd, 11th."""
    return f"{number}{'th' if 10 < number % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _render_part(part: int, year: int | None, language: Language) -> str:
    """A quarter (33 to 36) or half-year (40, 41)."""
    half = part >= FIRST_HALF
    n = part - (FIRST_HALF if half else FIRST_QUARTER)
    if language is Language.KO:
        return f"{f'{year}년 ' if year else ''}{'상하'[n] if half else n + 1}{'반기' if half else '분기'}"
    if language is Language.VI:
        name = f"nửa {['đầu', 'cuối'][n]} năm" if half else f"quý {n + 1}{' năm' if year else ''}"
        return f"{name}{f' {year}' if year else ''}"
    ordinal_word = ["first", "second", "third", "fourth"][n]
    return (
        f"{ordinal_word} half of {year or 'the year'}"
        if half
        else f"{ordinal_word} quarter{f' of {year}' if year else ''}"
    )


def _render_time(edtf: str, language: Language) -> str:
    if language is not Language.KO:
        return edtf[1:]
    parts = [int(part) for part in edtf[1:].split(":")]
    return " ".join(
        f"{part}{word}" for part, word in zip(parts, "시분초", strict=False) if word == "시" or part
    )
