"""The words before and after an amount that make it approximate or the end of an open range: "약", "hơn", "or more"."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from assistant.core.figures.amounts import Amount
from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import grammar
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import EXACT
from assistant.core.figures.part import Part
from assistant.core.text import Language

_BEFORE = ("about", "nearly", "at_least", "at_most")
_AFTER = ("about_after", "nearly_after", "above_after", "at_least_after", "at_most_after")
_ENGLISH_STYLE = re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.,]\d|\d)|\d,\d{3},\d{3}|\d,\d{3}\.\d")
_VIETNAMESE_STYLE = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d.,]\d|\d)|\d\.\d{3}(?!\d)")
_WHOLE_THINGS = frozenset(("person", "item", "case", "company", "country", "language", "job", "user", "student"))
_COMPARING = ("hơn", "trên")
_BILLION = Decimal(10) ** 9
_STYLE_REACH = 2000
"""Characters around a number in which others show which separators the text uses."""


def valued(line: Line, amount: Amount) -> Part:
    """An amount's value, or both where its comma may be a decimal one and neither the unit nor the text decides."""
    if amount.number.other is None:
        return Part(amount.unit, amount.start, amount.end, amount.value)
    value, low, high = _readings(line, amount, amount.value)
    return Part(amount.unit, amount.start, amount.end, value, low, high, vague=value is None)


def qualified(line: Line, part: Part, *, above: bool = False) -> Part:
    """A figure with the qualifier that stands before or after it; ``above`` where one stands between its number and its unit."""
    start, end, value = part.start, part.end, part.value
    name, word = qualifier_before(line, start)
    if word == "over" and part.unit.kind is Kind.DURATION:
        name = ""  # "over five years" says how long
    if name:
        start -= len(line.before(start)) - len(line.before(start).rstrip(" ")) + len(word)
    else:
        name, end = _following(line, end, has_unit=bool(part.unit.name))
    if value is None:
        return replace(part, start=start, end=end, approximate=name.startswith(("about", "nearly")))
    if name.startswith("at_least"):
        return Part(part.unit, start, end, None, value)
    if name.startswith("at_most"):
        return Part(part.unit, start, end, None, None, value)
    above |= name == "above_after"
    nearly = name.startswith("nearly")
    return Part(part.unit, start, end, value, value if above else None, value if nearly else None, bool(name) or above)


def qualifier_before(line: Line, at: int) -> tuple[str, str]:
    """Name and word of the longest qualifier that ends before a position ("no more than"); empty where there is none."""
    before = line.before(at)
    stripped = before.rstrip(" ")
    if not stripped.endswith(_all_before(line.language)):
        return "", ""
    found = [(name, word) for name in _BEFORE for word in line.grammar.words[name] if stripped.endswith(word)]
    for name, word in sorted(found, key=lambda each: -len(each[1])):
        is_own_word = not (stripped[: -len(word)][-1:].isalpha() and word[0].isalpha())
        attached = stripped == before
        if word in _COMPARING and stripped[: -len(word)].rstrip(" ").endswith(line.grammar.words.get("no_bound_before", ("\0",))):
            continue
        if is_own_word and (line.language is Language.KO or not attached or not word[-1].isalpha()):
            return name, word
    return "", ""


@cache
def _all_before(language: Language) -> tuple[str, ...]:
    return tuple(word for name in _BEFORE for word in grammar(language).words[name])


def _following(line: Line, end: int, *, has_unit: bool) -> tuple[str, int]:
    for at in dict.fromkeys((end, line.skip_space(end))):
        for name in _AFTER:
            if not line.low.startswith(line.grammar.words[name], at):
                continue
            for word in line.grammar.words[name]:
                if not line.low.startswith(word, at):
                    continue
                if len(word) > 1 or (has_unit and at == end and line.ends_word(at + 1)):
                    return name, at + len(word)
    return "", end


def _readings(line: Line, amount: Amount, value: Decimal) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value, low and high of a number whose comma may be a decimal one: the unit or the text decides, else both are kept."""
    other = EXACT.multiply(amount.number.other or value, amount.unit.factor)
    whole = amount.number.scale == 1 and amount.explicit
    if whole and (amount.unit.kind is Kind.MONEY or amount.unit.name in _WHOLE_THINGS):
        return other, None, None
    # Nobody writes 2788 million for 2.788 billion, but thousands of billions are common.
    if amount.unit.kind in (Kind.PERCENT, Kind.PERCENT_POINT) or 1 < amount.number.scale < _BILLION:
        return value, None, None
    around = line.text[max(0, amount.start - _STYLE_REACH) : amount.end + _STYLE_REACH]
    english, vietnamese = bool(_ENGLISH_STYLE.search(around)), bool(_VIETNAMESE_STYLE.search(around))
    if english != vietnamese:
        return (other if english else value), None, None
    return None, min(value, other), max(value, other)
