"""Reads fractions and ratios: "2/3", "3분의 1", "ba phần tư", "two-thirds", "3대 1", "3:1", "3 1/4"."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.core.figures.amounts import Amount
from assistant.core.figures.digits import read_digits
from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import Unit
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import EXACT, Number, read_number
from assistant.core.figures.units import BARE, unit_at
from assistant.core.languages import Language

RATIO = Unit(Kind.RATIO, "ratio")
_FRACTION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s?/\s?(\d{1,6}(?:\.\d{1,6})?)(?![\d/])")
_FRACTION_PART = re.compile(r"\s(\d{1,3})/(\d{1,3})(?![\d/])")
_AFTER_COLON = re.compile(r"\s?:\s?(\d{1,6}(?:\.\d{1,6})?)(?!\d)")
_LEADING_SCALES = "조경억"
"""Syllables that do not begin a Korean number but another word ("17.4분의 경기")."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient, to 28 digits, from ``start`` to ``end``."""

    value: Decimal
    start: int
    end: int


def fraction_at(line: Line, at: int) -> Ratio | None:
    """A fraction in digits."""
    match = _FRACTION.match(line.text, at)
    under = read_digits(line, match.start(2)) if match else None
    if (
        match is None
        or under is None
        or not under[0]
        or (len(match[1]) == len("2024") and len(match[2]) == len("25"))
    ):
        return None  # 2024/25 is a season
    negative = line.text[max(0, at - 1) : at] in ("-", "−")
    value = Decimal(match[1]) / under[0]
    return Ratio(-value if negative else value, at - negative, under[2])


def ratio_of(line: Line, amount: Amount) -> Ratio | None:
    """The ratio whose first part is the amount."""
    by_language = {Language.KO: _korean, Language.VI: _vietnamese, Language.EN: _english}
    if found := by_language[line.language](line, amount):
        return found
    match = None if amount.explicit else _AFTER_COLON.match(line.text, amount.end)
    if match and Decimal(match[1]):
        return Ratio(amount.number.value / Decimal(match[1]), amount.start, match.end())
    return None


def with_fraction(line: Line, amount: Amount) -> Amount:
    """The amount with the fraction that follows it: "3 1/4", "일과 이분의 일", "năm và một phần hai"."""
    number = amount.number
    if (
        amount.end == number.end
        and (match := _FRACTION_PART.match(line.text, number.end))
        and int(match[1]) < int(match[2])
    ):
        value = EXACT.add(number.value, (Decimal(match[1]) / Decimal(match[2])).copy_sign(number.value))
        return _mixed(line, amount, value, match.end())
    if amount.explicit or line.language is Language.EN:
        return amount
    start = line.skip_space(amount.end)
    for word in line.grammar.words["and"]:
        if line.low.startswith(word, start):
            at = line.skip_space(start + len(word))
            second = read_number(line, at)
            fraction = fraction_at(line, at) or (
                second and ratio_of(line, Amount(second, BARE, at, second.end))
            )
            if fraction:
                return _mixed(
                    line,
                    amount,
                    EXACT.add(number.value, fraction.value.copy_sign(number.value)),
                    fraction.end,
                )
    return amount


def _mixed(line: Line, amount: Amount, value: Decimal, end: int) -> Amount:
    found = unit_at(line, end)
    number = replace(amount.number, value=value, end=end)
    return replace(
        amount,
        number=number,
        unit=found[0] if found else RATIO,
        end=found[1] if found else end,
        explicit=True,
    )


def _korean(line: Line, amount: Amount) -> Ratio | None:
    number, start = amount.number, line.skip_space(amount.number.end)
    for word, is_fraction in (("분의", True), ("대", False)):
        other = (
            read_number(line, line.skip_space(start + len(word)))
            if line.low.startswith(word, start)
            else None
        )
        if other is None or not other.value or not number.value or line.text[other.start] in _LEADING_SCALES:
            continue
        if is_fraction and (number.spelled or number.value == number.value.to_integral_value()):
            return Ratio(other.value / number.value, amount.start, other.end)
        if not is_fraction and unit_at(line, other.end) is None and number.spelled == other.spelled:
            return Ratio(number.value / other.value, amount.start, other.end)
    return None


def _vietnamese(line: Line, amount: Amount) -> Ratio | None:
    start = line.skip_space(amount.number.end)
    for word in line.grammar.words["fraction"]:
        other = (
            read_number(line, start + len(word) + 1)
            if line.low.startswith(word + " ", start) and not amount.explicit
            else None
        )
        if other and other.value:
            return Ratio(amount.number.value / other.value, amount.start, other.end)
    return None


def _english(line: Line, amount: Amount) -> Ratio | None:
    number: Number = amount.number
    if amount.explicit or not number.spelled or number.value >= 20:
        return None
    start = line.skip_space(number.end)
    start += line.text.startswith("-", start)
    for word, value in line.grammar.ordinals.at(line.low, start):
        end = start + len(word)
        end += line.low.startswith("s", end)
        if value > 2 and not line.is_letter(end):
            return Ratio(number.value / value, amount.start, end)
    return None
