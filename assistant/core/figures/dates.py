"""Reads dates in digits and words, in the notation of each language."""

import re
from dataclasses import dataclass
from datetime import date

from assistant.core.figures.digits import spoken_digits
from assistant.core.figures.edtf import FIRST_HALF, FIRST_QUARTER, YEARS, date_edtf, decade_edtf
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import Number, read_number
from assistant.core.languages import Language, pack

_LAST_PLAIN_YEAR = 2300
_LAST_SHORT_YEAR = 50
_LARGE_DAY = 20
"""From this number on, "30-4" is a day and month rather than a score."""
_PLAIN_YEARS = range(1800, 2100)
"""A bare four-digit number is a year only within this range."""

_SEPARATED = r"\s?([./-])\s?"
_YEAR_FIRST = re.compile(rf"([12]\d{{3}}){_SEPARATED}(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?!\d)(?:\.(?!\d))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2([12]\d{3})(?!\d)")
_MONTH_YEAR = re.compile(r"(\d{1,2})/([12]\d{3})(?![\d/])")
_DAY_MONTH = re.compile(r"(\d{1,2})([/-])(\d{1,2})(?![\d/]|[.,]\d|\s?%)")
_QUARTERS = {
    **{"1": 0, "2": 1, "3": 2, "4": 3, "i": 0, "ii": 1, "iii": 2, "iv": 3},
    **{"first": 0, "second": 1, "third": 2, "fourth": 3, "q1": 0, "q2": 1, "q3": 2, "q4": 3},
}
_HALVES = {"상": 0, "하": 1, "đầu": 0, "cuối": 1, "sau": 1, "first": 0, "second": 1, "h1": 0, "h2": 1}
# Excludes the 2025 of "2025-21-27", which is not a date
_PLAIN_YEAR = re.compile(r"[12]\d{3}(?!\d|[.,]\d|[-/]\d{1,2}[-/])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b(?:\sof(?=\s[a-z]))?")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?!\d)(?:\2([12]\d{3}))?")
_YEAR_AFTER_MONTH = re.compile(r"\s?[/-]\s?([12]\d{3})(?!\d)|\s([12]\d{3})(?!\d)")
_YEAR_AFTER_COMMA = re.compile(r",?\s([12]\d{3})(?!\d|[.,]\d)")
_DAY_AFTER_MONTH = re.compile(
    r"\s(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|[.,]\d|\s?(?:percent|%))(?:,?\s([12]\d{3})(?!\d))?"
)
_YEAR_DIGITS = re.compile(r"\d{3,4}(?!\d|[.,]\d)")
_DAY_DIGITS = re.compile(r"\d{1,2}(?!\d|[.,]\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)(?:\.|\b))(?![a-z])"
)
_NO_MONTH_ALONE = ("may", "march")
_BEFORE_MONTH = re.compile(r"\b(?:in|of|last|this|since|by|until|from|early|late|mid|next|to)[\s-]$")
_WEEKDAY = re.compile(r"\s[월화수목금토일]요일")
_KOREAN_SIGNS = ("년", "월", "일")
_OF = re.compile(r"\s(?:of\s)?")
_WHOLE_YEAR = re.compile(r"\s?한\s?해(?![가-힣])|\s?한\s?해(?=의|에|동안)")
_VERB_ENDINGS = ("하", "할", "한", "했", "된", "될", "됐", "되")
_MONTHS_OF_A_YEAR = re.compile(r"tháng năm (?:[12]\d{3}|nay|ngoái|trước)")
_PER_YEAR = ("mỗi ", "hàng ", "hằng ", "một ")
"""Before "năm 1500 kỹ sư": so many per year."""
_BEFORE_DAY_AND_MONTH = (
    *(
        "dịp",
        "sau",
        "trước",
        "lễ",
        "hết",
        "ngày",
        "hôm",
        "sáng",
        "chiều",
        "tối",
        "đêm",
        "trưa",
        "từ",
        "đến",
        "tới",
        "sang",
        "mùng",
    ),
    *("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date or time of day that ends at ``end``."""

    end: int
    edtf: str


def date_at(line: Line, at: int, published: date | None = None) -> Found | None:
    """The date that begins at a position, in its longest form.

    Relative dates need the article's date.
    """
    if published and (found := _relative(line, at, published)):
        return found
    found = _notation(line, at) or _BY_LANGUAGE[line.language](line, at)
    return _with_year_behind(line, found, published) if found and published else found


def plain_year_at(line: Line, at: int) -> Found | None:
    """A bare four-digit year."""
    match = _PLAIN_YEAR.match(line.text, at)
    return Found(match.end(), match.group()) if match and int(match.group()) in _PLAIN_YEARS else None


def _found(end: int, year: int | None, month: int | None, day: int | None) -> Found | None:
    edtf = date_edtf(year, month, day)
    return Found(end, edtf) if edtf else None


def _relative(line: Line, at: int, published: date) -> Found | None:
    for word, meaning in line.grammar.relative_dates.at(line.low, at):
        end = at + len(word)
        unit, _, distance = meaning.partition(" ")
        if unit == "month":
            months = published.year * 12 + published.month - 1 + int(distance)
            return Found(end, f"{months // 12}-{months % 12 + 1:02}")
        year = published.year + int(distance)
        following = date_at(line, line.skip_space(end))
        if following and following.edtf.startswith("XXXX-") and not following.edtf.startswith("XXXX-XX"):
            return Found(following.end, f"{year}{following.edtf[4:]}")
        return Found(end, str(year))
    return None


def _with_year_behind(line: Line, found: Found, published: date) -> Found:
    """A part of a year with the relative year that follows it: "tháng 3 năm ngoái", "the first half of last year"."""
    if not found.edtf.startswith("XXXX-"):
        return found
    of = _OF.match(line.low, found.end)
    year = _relative(line, of.end(), published) if of else None
    return Found(year.end, year.edtf + found.edtf[4:]) if year and year.edtf.isdecimal() else found


def _notation(line: Line, at: int) -> Found | None:
    """Numeric dates, decades, quarters and half-years."""
    language = line.language
    rules = pack(language).dates
    if match := _YEAR_FIRST.match(line.text, at):
        return _found(match.end(), int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_LAST.match(line.text, at):
        first, second = int(match[1]), int(match[3])
        if language is Language.EN and match[2] == "/" and first <= 12 and second <= 12 and first != second:
            return Found(match.end(), match[4])  # day/month order is ambiguous: only the year is certain
        month, day = (first, second) if second > 12 else (second, first)
        return _found(match.end(), int(match[4]), month, day)
    if match := rules.decade.match(line.low, at):
        return Found(match.end(), decade_edtf(10 * int(match[1])))
    if match := rules.quarter.match(line.low, at):
        part = (
            FIRST_QUARTER + _QUARTERS[match["quarter"]]
            if match["quarter"]
            else FIRST_HALF + _HALVES[match["half"]]
        )
        return Found(match.end(), f"{match['year'] or 'XXXX'}-{part}")
    return None


def _korean(line: Line, at: int) -> Found | None:
    """Full or partial dates such as "2025년 4월 30일", in digits or words."""
    parts: dict[str, int] = {}
    end = at
    if line.is_hangul(at) and (number := read_number(line, at)) and line.low.startswith("년대", number.end):
        is_decade = number.value % 10 == 0 and 10 <= number.value < _PLAIN_YEARS.stop
        return Found(number.end + len("년대"), decade_edtf(int(number.value))) if is_decade else None
    number = read_number(line, at)
    if (
        number
        and not line.low.startswith(_KOREAN_SIGNS, line.skip_space(number.end))
        and line.text[number.end - 1] != "일"
    ):
        return None
    for name in ("year", "month", "day"):
        start = line.skip_space(end) if parts else end
        taken = _korean_part(line, start, name, alone=not parts)
        if taken is None:
            continue
        if name == "day" and "year" in parts and "month" not in parts:
            break
        parts[name], end = taken
    if tuple(parts) == ("year",) and (whole := _WHOLE_YEAR.match(line.text, end)):
        end = whole.end()  # "2024년 한 해" is the year, not a duration of one
    if not parts or (
        tuple(parts) == ("day",)
        and line.low.startswith(tuple(line.grammar.dates["duration_after"]), line.skip_space(end))
    ):
        return None
    return _found(end, parts.get("year"), parts.get("month"), parts.get("day"))


def _korean_part(line: Line, at: int, name: str, *, alone: bool) -> tuple[int, int] | None:
    if name == "month":
        for word, month in line.grammar.dates["months"].items():
            if line.low.startswith(word, at) and _ends_month(line, at + len(word)):
                return month, at + len(word)
    number = read_number(line, at)
    if (
        number is None
        or number.other
        or number.value != number.value.to_integral_value()
        or not 0 < number.value < 10_000
    ):
        return None
    if name == "day":
        return _korean_day(line, number, alone=alone)
    end = line.skip_space(number.end) + 1
    if line.low[end - 1 : end] != line.grammar.dates[name][0]:
        return None
    if name == "year":
        return _korean_year(line, at, int(number.value), end)
    is_month = number.value <= 12 and (not number.spelled or _ends_month(line, end))
    return (int(number.value), end) if is_month and not line.low.startswith(("간", "자리"), end) else None


def _ends_month(line: Line, at: int) -> bool:
    """Whether a month in words ends here, or is followed by its day."""
    if line.low.startswith(_VERB_ENDINGS, at):  # 이월한 금액 was carried over
        return False
    return line.ends_word(at) or read_number(line, at) is not None


def _korean_day(line: Line, number: Number, *, alone: bool) -> tuple[int, int] | None:
    """A day; in words, its suffix 일 looks like the digit 1: "삼십일" after a month or before a weekday is the 30th."""
    value, end = int(number.value), line.skip_space(number.end)
    has_sign = line.low.startswith("일", end) and not (alone and end > number.end)
    if number.spelled and line.text[number.end - 1] == "일" and not has_sign:
        is_day = not alone or _WEEKDAY.match(line.text, number.end)
        return (value - 1, number.end) if is_day and value <= 32 else None
    if not has_sign or value > 31 or line.before(number.start).rstrip(" ").endswith("박"):
        return None  # 2박 3일
    return (value, end + 1) if not line.low.startswith(("간", "자리"), end + 1) else None


def _korean_year(line: Line, at: int, value: int, end: int) -> tuple[int, int] | None:
    """A year, not a duration: near the present, followed by a month ("3000년 1월"), or abbreviated ("'25년")."""
    if line.text[max(0, at - 1) : at] in ("'", "’", "‘") and value < 100:
        return 2000 + value, end
    if line.before(at).rstrip(" ").endswith(line.grammar.words["about"]):
        return None
    month = read_number(line, line.skip_space(end))
    has_month = month is not None and line.low.startswith("월", line.skip_space(month.end))
    if value < 100:  # 25년 3월, 85년생
        is_short = has_month or line.low.startswith("생", end)
        return (value + (2000 if value <= _LAST_SHORT_YEAR else 1900), end) if is_short else None
    is_year = 1000 <= value <= _LAST_PLAIN_YEAR or has_month
    return (value, end) if is_year and not line.low.startswith(("간", "대", " 동안"), end) else None


def _vietnamese(line: Line, at: int) -> Found | None:
    """Full or partial dates such as "ngày 30 tháng 4 năm 2025", "ngày 30/4", "tháng 7/2025", "năm 2025"."""
    if (found := _vietnamese_digits(line, at)) is not None:
        return found
    day, end = _vietnamese_day(line, at) or (None, at)
    month, end = _vietnamese_month(line, line.skip_space(end) if day else end) or (None, end)
    if month and (match := _YEAR_AFTER_MONTH.match(line.low, end)):
        return _found(match.end(), int(match[1] or match[2]), month, day)
    year = None
    if (month or not day) and not (end == at and line.before(at).endswith(_PER_YEAR)):
        year, end = _vietnamese_year(line, line.skip_space(end) if month else end) or (None, end)
    return _found(end, year, month, day) if end > at else None


def _vietnamese_digits(line: Line, at: int) -> Found | None:
    """Numeric dates, e.g. "ngày 30/4", "30-4-2025", "7/2025", "26/11"."""
    word = next((word for word in line.grammar.dates["day"] if line.low.startswith(word + " ", at)), None)
    if word:
        match = _MONTH_AND_DAY.match(line.low, at + len(word) + 1)
        return (
            _found(match.end(), int(match[4]) if match[4] else None, int(match[3]), int(match[1]))
            if match
            else None
        )
    if match := _MONTH_YEAR.match(line.low, at):
        return _found(match.end(), int(match[2]), int(match[1]), None)
    match = _DAY_MONTH.match(line.low, at)
    return _vietnamese_day_month(line, match) if match else None


def _vietnamese_day(line: Line, at: int) -> tuple[int, int] | None:
    """The day in "ngày 30" or, before a month, a bare "30"; "ngày một tăng" has none."""
    word = next((word for word in line.grammar.dates["day"] if line.low.startswith(word + " ", at)), None)
    start = at + len(word) + 1 if word else at
    if word is None and line.low.startswith(("tháng ", "năm "), at):
        return None
    read = _vietnamese_count(line, start)
    if read is None or read[0] > 31:
        return None
    if word and line.text[start].isdecimal():
        return read
    behind = line.skip_space(read[1])
    if line.low.startswith("tháng một lần", behind) or _MONTHS_OF_A_YEAR.match(line.low, behind):
        return None  # "2 tháng một lần" is a frequency, "10 tháng năm 2025" is ten months
    return read if _vietnamese_month(line, line.skip_space(read[1])) else None


def _vietnamese_month(line: Line, at: int) -> tuple[int, int] | None:
    for words, month in line.grammar.dates["months"].items():
        if line.low.startswith(words, at):
            return month, at + len(words)
    if not line.low.startswith("tháng ", at):
        return None
    read = _vietnamese_count(line, at + len("tháng "))
    return read if read and 1 <= read[0] <= 12 else None


def _vietnamese_year(line: Line, at: int) -> tuple[int, int] | None:
    if not line.low.startswith("năm ", at):
        return None
    at += len("năm ")
    if match := _YEAR_DIGITS.match(line.low, at):
        counts = any(True for _ in line.grammar.units.at(line.low, line.skip_space(match.end())))
        is_near = 1000 <= int(match.group()) <= _LAST_PLAIN_YEAR
        is_year = int(match.group()) in YEARS and (is_near or not counts)
        return (int(match.group()), match.end()) if is_year else None
    digits, end = spoken_digits(line, at)
    if len(digits) == 4 and int(digits) in YEARS:
        return int(digits), end
    if line.low.startswith("hai không ", at):  # "hai không mười ba", "hai không linh sáu"
        start = at + len("hai không ")
        start += len("linh ") if line.low.startswith("linh ", start) else 0
        rest = _vietnamese_count(line, start)
        return (2000 + rest[0], rest[1]) if rest and rest[0] < 100 else None
    read = _vietnamese_count(line, at)
    return read if read and read[0] in YEARS and not line.text[at].isdecimal() else None


def _vietnamese_count(line: Line, at: int) -> tuple[int, int] | None:
    number = read_number(line, at)
    if (
        number is None
        or number.other
        or number.value != number.value.to_integral_value()
        or not 0 < number.value < 10_000
    ):
        return None
    return int(number.value), number.end


def _vietnamese_day_month(line: Line, match: re.Match[str]) -> Found | None:
    """Reads "26/11" or "30-4": a date if a word before it says so, or if it cannot be a fraction or range."""
    day, month = int(match[1]), int(match[3])
    says_so = line.before(match.start()).rstrip(" (").endswith(_BEFORE_DAY_AND_MONTH)
    if match[2] == "-":
        says_so |= day >= _LARGE_DAY
    else:
        says_so |= day > month and day > 12
    return _found(match.end(), None, month, day) if says_so and day > month * (match[2] == "-") else None


def _english(line: Line, at: int) -> Found | None:
    """Reads "30 April 2025", "April 30, 2025", "April 2025", "April"."""
    low = line.low
    if match := _DAY_DIGITS.match(low, at):
        end = match.end()
        if ordinal := _ORDINAL.match(low, end):
            end = ordinal.end()
        named = _english_month(line, end + 1) if low.startswith(" ", end) else None
        if named is None:
            return None
        year = _YEAR_AFTER_COMMA.match(low, named[1])
        return _found(
            year.end() if year else named[1], int(year[1]) if year else None, named[0], int(match.group())
        )
    named = _english_month(line, at)
    if named is None or not line.text[at].isupper():
        return None
    month, end = named
    if match := _DAY_AFTER_MONTH.match(low, end):
        return _found(match.end(), int(match[2]) if match[2] else None, month, int(match[1]))
    if match := _YEAR_AFTER_COMMA.match(low, end):
        return _found(match.end(), int(match[1]), month, None)
    if low[at:end] in _NO_MONTH_ALONE and not _BEFORE_MONTH.search(low[max(0, at - 6) : at]):
        return None
    return _found(end, None, month, None) if len(low[at:end]) > 3 or low[at:end] in _NO_MONTH_ALONE else None


def _english_month(line: Line, at: int) -> tuple[int, int] | None:
    match = _MONTH.match(line.low, at)
    return (_MONTHS.index(match.group()[:3]) + 1, match.end()) if match else None


_BY_LANGUAGE = {Language.KO: _korean, Language.VI: _vietnamese, Language.EN: _english}
