"""Reads digits with their separators, whose roles are swapped between Vietnamese and English."""

import re
from decimal import Decimal

from assistant.core.figures.line import GROUP, Line
from assistant.core.languages import Language

MAX_DIGITS = 24
"""A longer run of digits is an identifier; sums and products up to this length stay exact."""
_DIGITS = re.compile(rf"(?:\d{{1,3}}(?:{GROUP}\d{{3}})+|\d{{1,24}})(?:[.,]\d{{1,24}}){{0,12}}(?!\d)")
_GROUPS = {",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+"), ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")}


def read_digits(line: Line, at: int) -> tuple[Decimal, Decimal | None, int] | None:
    """Value, alternative value and end of a run of digits with separators; None for a version such as 1.2.3.

    Vietnamese writes 1.234,5 but also, in English style, 1,234.5. There, a lone comma before three digits may
    be a decimal or a thousands separator: both values are returned unless the last digit is zero, as no
    decimal would end in one.
    """
    match = _DIGITS.match(line.text, at)
    if match is None:
        return None
    digits, end = match.group(), match.end()
    dots, commas = digits.count("."), digits.count(",")
    if GROUP in digits:
        return _decimal(*digits.replace(GROUP, "").replace(",", ".").split(".")[:2]), None, end
    if dots and commas:
        decimal = max(".,", key=digits.rfind)
        group = "," if decimal == "." else "."
        whole, _, fraction = digits.rpartition(decimal)
        if digits.count(decimal) == 1 and _GROUPS[group].fullmatch(whole):
            return _decimal(whole.replace(group, ""), fraction), None, end
        return None if dots > 1 else _first_of_list(digits, at)
    mark = "." if dots else ","
    if dots + commas > 1:
        if _GROUPS[mark].fullmatch(digits):
            return _decimal(digits.replace(mark, "")), None, end
        return None if dots else _first_of_list(digits, at)
    whole, _, fraction = digits.partition(mark)
    plain = _decimal(whole, fraction) if dots or commas else _decimal(whole)
    grouped = _decimal(whole + fraction) if (dots or commas) and _GROUPS[mark].fullmatch(digits) else None
    if grouped is None or (mark == "." and line.language is not Language.VI):
        return plain, None, end
    is_ambiguous = mark == "," and line.language is Language.VI and not fraction.endswith("0")
    return (plain, grouped, end) if is_ambiguous else (grouped, None, end)


def _first_of_list(digits: str, at: int) -> tuple[Decimal, Decimal | None, int]:
    """The first of several numbers separated only by commas ("1,2,3")."""
    first = digits.partition(",")[0]
    return _decimal(*first.split(".", 1)), None, at + len(first)


def _decimal(whole: str, fraction: str = "") -> Decimal:
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def spoken_digits(line: Line, at: int) -> tuple[str, int]:
    """Digits spoken one by one ("hai không hai ba", "영영일"), and their end; empty if there are none."""
    digits, end = "", at
    while len(digits) < MAX_DIGITS:
        start = line.skip_space(end)
        found = [(w, v) for w, v in line.grammar.numbers.at(line.low, start) if v < 10]
        if not found or (line.language is not Language.KO and line.is_letter(start + len(found[0][0]))):
            break
        word, value = found[0]
        digits, end = f"{digits}{value}", start + len(word)
    return digits, end
