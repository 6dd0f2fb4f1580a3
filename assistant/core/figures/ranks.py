"""Reads ranks, ordinals and centuries."""

import re
from decimal import Decimal

from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import Unit
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import Number, read_number
from assistant.core.figures.part import Part
from assistant.core.languages import Language

_RANK = Unit(Kind.RANK, "rank")
_ORDINAL = Unit(Kind.RANK, "ordinal")
_CENTURY = Unit(Kind.RANK, "century")
_NAMED_ORDINALS = {" century": _CENTURY, "-century": _CENTURY, " place": _RANK}
_ENGLISH_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_NOUN_BEHIND = re.compile(r"[\s-][a-z]|$")
_ROMAN = re.compile(r"[ivxlcdm]+(?!\w)")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def ranked_at(line: Line, at: int) -> list[Part]:
    """A rank, ordinal or century, e.g. "thứ 2", "thế kỷ XXI", "No. 1", "twenty-first"."""
    for word in line.grammar.words.get("rank_before", ()):
        if not line.low.startswith(word.lower(), at):
            continue
        start = line.skip_space(at + len(word))
        if start == at + len(word) and line.is_letter(start):
            continue
        number = read_number(line, start)
        if number and word == "제":
            return (
                [Part(_ORDINAL, at, number.end + 1, number.value)]
                if line.low.startswith(("회", "차"), number.end)
                else []
            )
        unit = _rank_unit(line, at, word)
        if number and not (word == "thứ" and _is_weekday(line, at, start, number)):
            return [Part(unit, at, number.end, number.value)]
        if word in line.grammar.words.get("roman_before", ()) and (roman := _ROMAN.match(line.low, start)):
            return [Part(unit, at, roman.end(), _roman(roman.group()))]
    return _ordinal(line, at) if line.language is Language.EN else []


def _rank_unit(line: Line, at: int, word: str) -> Unit:
    """The unit of "thứ", "hạng", "thế kỷ" or "No."; "thứ 4" is a rank only after a word that says so, else an ordinal."""
    if word in line.grammar.words.get("roman_before", ()):
        return _CENTURY
    is_place = word not in ("thứ", "lần thứ") or line.before(at).rstrip(" ").endswith(
        line.grammar.words["ranked_before"]
    )
    return _RANK if is_place else _ORDINAL


def _ordinal(line: Line, at: int) -> list[Part]:
    found = _ordinal_at(line, at)
    if found is None:
        return []
    value, end = found
    if read_number(line, line.skip_space(end)):
        return []  # "the first nine months": a part of what is counted
    named = next(
        (
            word
            for word in _NAMED_ORDINALS
            if line.low.startswith(word, end) and not line.is_letter(end + len(word))
        ),
        "",
    )
    unit = _NAMED_ORDINALS.get(named, _ORDINAL)
    if line.before(at).rstrip(" ").endswith(line.grammar.words["ranked_before"]):
        unit = _RANK
    if unit is _ORDINAL and not line.text[at].isdecimal() and not _NOUN_BEHIND.match(line.low, end):
        return []  # "sent first, ahead of the servers"
    return [Part(unit, at, end + len(named), value)]


def _ordinal_at(line: Line, at: int) -> tuple[Decimal, int] | None:
    total, start, number = Decimal(0), at, read_number(line, at)
    if number:
        if match := None if number.spelled else _ENGLISH_ORDINAL.match(line.low, number.end):
            return number.value, match.end()
        if not number.spelled or number.value < 20 or number.value % 10:
            return None
        total, start = number.value, line.skip_space(number.end)
        start += line.text.startswith("-", start)
    if not total and line.before(at).endswith(" a "):
        return None  # a second later
    for word, value in line.grammar.ordinals.at(line.low, start):
        if not line.is_letter(start + len(word)) and (not total or value < 10):
            return total + value, start + len(word)
    return None


def _is_weekday(line: Line, at: int, start: int, number: Number) -> bool:
    """Whether "thứ hai" means Monday: capitalised, before " (" or " tuần", or after a time of day or "ngày"."""
    if not number.spelled or number.value > 7:
        return False
    if line.text[start].isupper() or line.low.startswith((" (", " tuần"), number.end):
        return True
    return line.before(at).rstrip(" (").endswith(line.grammar.words["weekday_before"])


def _roman(numeral: str) -> Decimal:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return Decimal(sum(-value if value < max(values[i:]) else value for i, value in enumerate(values)))
