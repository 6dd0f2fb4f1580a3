"""Reads powers: "10^25", "10²⁵", "3 × 10^25", "1e25", "10의 25제곱", "10 mũ 25"."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from assistant.core.figures.grammar import grammar
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import EXACT, Number, read_number
from assistant.core.languages import Language

_MAX_BASE = 100
"""Powers of it stay exact for exponents up to ``_MAX_EXPONENT``."""
_MAX_EXPONENT = 38
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TIMES_SIGN = re.compile(r"\s?[x×*·]\s?(?=\d)")
_SCIENTIFIC = re.compile(r"e\+?(\d{1,2})(?!\w)")


def with_power(line: Line, number: Number) -> Number:
    """The number raised to the exponent after it, or multiplied by the power after it; unchanged if there is neither."""
    if number.spelled or number.scale != 1:
        return number
    if match := _SCIENTIFIC.match(line.low, number.end):
        return _power(number, Decimal(10), match) or number
    if raised := _raised(line, number):
        return replace(raised, start=number.start)
    times = _TIMES_SIGN.match(line.text, number.end)
    factor = read_number(line, times.end()) if times else None
    raised = _raised(line, factor) if factor else None
    return _times(number, raised.value, raised.end) if raised else number


def _raised(line: Line, base: Number) -> Number | None:
    match = _exponent(line.language).match(line.low, base.end)
    if match is None or not 1 < base.value <= _MAX_BASE or base.value != base.value.to_integral_value():
        return None
    return _power(replace(base, value=Decimal(1)), base.value, match)


def _power(factor: Number, base: Decimal, match: re.Match[str]) -> Number | None:
    exponent = int(next(group for group in match.groups() if group).translate(_SUPERSCRIPTS))
    if exponent > _MAX_EXPONENT:
        return None
    return _times(factor, EXACT.power(base, exponent), match.end())


def _times(number: Number, power: Decimal, end: int) -> Number:
    """The product; before a power a comma is a decimal separator, as nobody groups the digits of a factor."""
    return replace(number, value=EXACT.multiply(number.value, power), other=None, end=end)


@cache
def _exponent(language: Language) -> re.Pattern[str]:
    words = (re.escape(word).replace(r"\{n\}", r"(\d{1,2})") for word in grammar(language).words["power"])
    return re.compile(rf"(?:\^\{{?(\d{{1,2}})\}}?|([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})|{'|'.join(words)})(?!\d)")
