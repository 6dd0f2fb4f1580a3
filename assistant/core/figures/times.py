"""Reads times of day."""

import re
from collections.abc import Iterator

from assistant.core.figures.dates import Found
from assistant.core.figures.line import Line
from assistant.core.figures.native import read_native
from assistant.core.figures.numbers import read_number
from assistant.core.languages import Language

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?!\d)")
_VIETNAMESE_CLOCK = re.compile(
    r"(\d{1,2})(?:\.([0-5]\d)(?:\sgiờ\b|(?=\s(?:sáng|trưa|chiều|tối)\b))|\s?[hg]\s?([0-5]\d)(?!\d))(?:\s?(?:p|phút)?\s?([0-5]?\d)\s?(?:s|giây))?"
)
_VIETNAMESE_MINUTES = re.compile(
    r"([0-5]\d)(?=\s(?:ngày\s\d|sáng|trưa|chiều|tối|hôm|cùng|đến|tại)|[,;)]?$|[,;)]\s|\.(?!\d))"
)
"""Minutes after "giờ" without a word for minutes: "14 giờ 30 ngày 5/3"."""
_ENGLISH_HOUR = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?(?::([0-5]\d))?\s?([ap])\.?m\b\.?")
_PARTS_OF_DAY = {"after_noon": 0, "night": 6, "midday": 1, "before_noon": 12}
"""Parts of the day, and the hour from which each means the second half of it."""
_AFTER_HOUR = tuple("에부까반경께쯤를가로와의이다입였정한두세일이삼사오육칠팔구십")
"""What may directly follow "3시"; anything else makes it another word (시대, 시장)."""


def time_at(line: Line, at: int) -> Found | None:
    """The time of day that begins at a position."""
    if line.text[at : at + 1].isdecimal():
        return _BY_LANGUAGE[line.language](line, at)
    for name, edtf in (("noon", "T12:00"), ("midnight", "T00:00")):
        for word in line.grammar.times[name]:
            if line.low.startswith(word, at) and not line.is_latin(at + len(word)):
                return Found(at + len(word), edtf)
    return _BY_LANGUAGE[line.language](line, at)


def _korean(line: Line, at: int) -> Found | None:
    """Reads "오후 4시 30분", "네시 반", "오후 3:30"."""
    before = line.before(at).rstrip(" ")
    part = next((part for part, word in _parts_of_day(line) if before.endswith(word)), "")
    for name, word in () if line.text[at : at + 1].isdecimal() else _parts_of_day(line):
        if line.low.startswith(word, at):
            part, at = name, line.skip_space(at + len(word))
            break
    if clock := _CLOCK.match(line.text, at):
        return _time(clock.end(), int(clock[1]), int(clock[2]), int(clock[3] or 0), part)
    hour = _count(line, at, "시")
    if (
        hour is None
        or hour[0] > 24
        or (line.is_hangul(hour[1]) and not line.low.startswith(_AFTER_HOUR, hour[1]))
    ):
        return None
    end = hour[1]
    half = line.skip_space(end)
    if line.low.startswith("반", half) and not line.is_hangul(half + 1):
        return _time(half + 1, hour[0], 30, 0, part)
    minute = _count(line, line.skip_space(end), "분") or (0, end)
    second = _count(line, line.skip_space(minute[1]), "초") or (0, minute[1])
    return _time(second[1], hour[0], minute[0], second[0], part)


def _vietnamese(line: Line, at: int) -> Found | None:
    """Reads "8h30", "lúc 3 giờ", "2 giờ 15 phút", "mười một giờ kém năm", "3 giờ chiều"."""
    low, times = line.low, line.grammar.times
    says_time = next((word for word in times["at"] if low.startswith(word + " ", at)), "")
    start = at + len(says_time) + 1 if says_time else at
    if match := _CLOCK.match(low, start):
        found = int(match[1]), int(match[2]), int(match[3] or 0), match.end()
    elif match := _VIETNAMESE_CLOCK.match(low, start):
        found = int(match[1]), int(match[2] or match[3]), int(match[4] or 0), match.end()
    else:
        hour = next((read for word in times["hour"] if (read := _count(line, start, word))), None)
        if hour is None or hour[0] > 24:
            return None
        minutes = _vietnamese_minutes(line, line.skip_space(hour[1]))
        if minutes is None:
            found = *(hour[0], 0, 0), hour[1]
        else:
            minute, end = minutes
            second = _count(line, line.skip_space(end), "giây") or (0, end)
            found = (hour[0] - 1) % 24 if minute < 0 else hour[0], minute % 60, second[0], second[1]
            says_time = says_time or "minutes"
    hours, minute, seconds, end = found
    says_time = says_time or (match and "clock") or (low.startswith(" ngày", end) and "date") or ""
    part = line.skip_space(end)
    for name, word in (*_parts_of_day(line), *(("zone", word) for word in times["zones"])):
        if low.startswith(word, part) and not line.is_letter(part + len(word)):
            return _time(part + len(word), hours, minute, seconds, name)
    return _time(end, hours, minute, seconds) if says_time and hours <= 24 else None


def _vietnamese_minutes(line: Line, at: int) -> tuple[int, int] | None:
    """The minutes after the hour: "15 phút", "linh năm", "không phút", "rưỡi"; negative for "kém năm"."""
    if line.low.startswith("rưỡi", at):
        return 30, at + len("rưỡi")
    sign = -1 if line.low.startswith("kém ", at) else 1
    for word in ("kém ", "linh ", "không "):
        at += len(word) if line.low.startswith(word, at) else 0
    if line.low.startswith("phút", at):
        return 0, at + len("phút")
    if read := _count(line, at, "phút"):
        return sign * read[0], read[1]
    if match := _VIETNAMESE_MINUTES.match(line.low, at):
        return sign * int(match[1]), match.end()
    number = read_number(line, at)
    if (
        number is None
        or not number.spelled
        or not 0 < number.value < 60
        or line.is_letter(line.skip_space(number.end))
    ):
        return None
    return sign * int(number.value), number.end


def _english(line: Line, at: int) -> Found | None:
    if match := _ENGLISH_HOUR.match(line.low, at):
        hour = int(match[1]) % 12
        return (
            _time(
                match.end(),
                hour,
                int(match[2] or 0),
                int(match[3] or 0),
                "after_noon" if match[4] == "p" else "",
            )
            if int(match[1]) < 25
            else None
        )
    match = _CLOCK.match(line.text, at)
    return _time(match.end(), int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def _count(line: Line, at: int, word: str) -> tuple[int, int] | None:
    """A whole number from 0 to 59 followed by a given word, and the end of both."""
    readings = [number for number in (read_number(line, at), read_native(line, at)) if number]
    number = max(readings, key=lambda reading: reading.end, default=None)
    if number is None or number.value != number.value.to_integral_value() or not 0 <= number.value < 60:
        return None
    if "." in line.text[at : number.end]:
        return None  # 2.0 시대
    start = line.skip_space(number.end)
    end = start + len(word)
    if not line.low.startswith(word, start) or (line.language is not Language.KO and line.is_letter(end)):
        return None
    return int(number.value), end


def _parts_of_day(line: Line) -> Iterator[tuple[str, str]]:
    """The words for parts of the day, each with what part it is."""
    for part in _PARTS_OF_DAY:
        yield from ((part, word) for word in line.grammar.times.get(part, ()))


def _time(end: int, hour: int, minute: int, second: int, part: str = "") -> Found | None:
    """The time of day; twelve at night or in the morning is midnight. None for a time that no day has."""
    if hour == 12 and part in ("night", "before_noon"):
        hour = 0
    elif hour < 12 and hour >= _PARTS_OF_DAY.get(part, 12):
        hour += 12
    if hour > 24 or (hour == 24 and (minute or second)):
        return None
    return Found(end, f"T{hour:02}:{minute:02}" + (f":{second:02}" if second else ""))


_BY_LANGUAGE = {Language.KO: _korean, Language.VI: _vietnamese, Language.EN: _english}
