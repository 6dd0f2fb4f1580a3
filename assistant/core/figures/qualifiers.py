"""Words around an amount that make it approximate or one end of an open range: "약", "hơn", "or more"."""

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
from assistant.core.languages import Language

_BEFORE = ("about", "nearly", "at_least", "at_most")
_AFTER = ("about_after", "nearly_after", "above_after", "at_least_after", "at_most_after")
_ENGLISH_STYLE = re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.,]\d|\d)|\d,\d{3},\d{3}|\d,\d{3}\.\d")
_VIETNAMESE_STYLE = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d.,]\d|\d)|\d\.\d{3}(?!\d)")
_WHOLE_THINGS = frozenset(
    ("person", "item", "case", "company", "country", "language", "job", "user", "student")
)
_COMPARING = ("hơn", "trên")
_OF_NAME = re.compile(r"\s(?:của|mà)\s[A-ZÀ-Ỹ]")
_BEFORE_SIGN = " ([,:;/|\n"
_SIGNS = {"▼": -1, "▽": -1, "↓": -1, "↑": 1, "▲": None, "△": None}
_BILLION = Decimal(10) ** 9
_STYLE_REACH = 2000
"""Characters around a number searched for other numbers that show which separators the text uses."""


def valued(line: Line, amount: Amount) -> Part:
    """The amount's value, or both readings if its comma is ambiguous and neither unit nor text settles it."""
    if amount.number.other is None:
        return Part(amount.unit, amount.start, amount.end, amount.value)
    value, low, high = _readings(line, amount, amount.value)
    return Part(amount.unit, amount.start, amount.end, value, low, high, vague=value is None)


def qualified(line: Line, part: Part, *, above: bool = False) -> Part:
    """A figure with the qualifier before or after it applied.

    ``above`` is set if a qualifier stands between its number and its unit.
    """
    start, end, value = part.start, part.end, part.value
    start, sign = sign_before(line, start)
    name, word = qualifier_before(line, start)
    if word.startswith("vượt") and _OF_NAME.match(line.text, end):
        return part  # "vượt mức 15,8% của Mỹ" states the US share
    if word == "over" and part.unit.kind is Kind.DURATION:
        name = ""  # "over five years" is a period
    if name:
        start -= len(line.before(start)) - len(line.before(start).rstrip(" ")) + len(word)
    else:
        name, end = _following(line, end, has_unit=bool(part.unit.name))
    if (mark := line.text[end : end + 1]) in _SIGNS:
        sign, end = _SIGNS[mark], end + 1
    if value is None:
        return replace(
            part, start=start, end=end, approximate=part.approximate or name.startswith(("about", "nearly"))
        )
    if sign is None:  # ▲ and △ mark an increase but, in accounts, a negative number
        return Part(part.unit, start, end, None, -value, value, vague=True)
    value *= sign
    if name.startswith("at_least"):
        return Part(part.unit, start, end, None, value)
    if name.startswith("at_most"):
        return Part(part.unit, start, end, None, None, value)
    above |= name == "above_after"
    nearly = name.startswith("nearly")
    return Part(
        part.unit, start, end, value, value if above else None, value if nearly else None, bool(name) or above
    )


def qualifier_before(line: Line, at: int) -> tuple[str, str]:
    """Name and wording of the longest qualifier that ends at a position ("no more than"); empty strings if there is none."""
    before = line.before(at)
    stripped = before.rstrip(" ")
    if not stripped.endswith(_all_before(line.language)):
        return "", ""
    found = [(name, word) for name in _BEFORE for word in line.grammar.words[name] if stripped.endswith(word)]
    for name, word in sorted(found, key=lambda each: -len(each[1])):
        is_own_word = not (stripped[: -len(word)][-1:].isalpha() and word[0].isalpha())
        attached = stripped == before
        if word in _COMPARING and stripped[: -len(word)].rstrip(" ").endswith(
            line.grammar.words.get("no_bound_before", ("\0",))
        ):
            continue
        if is_own_word and (line.language is Language.KO or not attached or not word[-1].isalpha()):
            return name, word
    return "", ""


@cache
def _all_before(language: Language) -> tuple[str, ...]:
    return tuple(word for name in _BEFORE for word in grammar(language).words[name])


def sign_before(line: Line, at: int) -> tuple[int, int | None]:
    """Start of a figure's sign ("▼0.5%", "(-)1,2%"), and its meaning: -1, 1, or None if ambiguous."""
    text, last = line.text, line.text[at - 1 : at]
    if last == ")":
        return (at - 3, -1) if text[max(0, at - 3) : at] in ("(-)", "(−)") else (at, 1)
    start = at - 1 if last in _SIGNS else at - 2
    mark = text[max(0, start) : start + 1]
    if mark not in _SIGNS or (start and text[start - 1] not in _BEFORE_SIGN):
        return at, 1  # 0.5%↓ 0.3%: it belongs to the previous figure
    if last != " ":
        return start, _SIGNS[mark]
    return (start, -1) if _SIGNS[mark] == -1 else (at, 1)  # "▲ 3000억 원" is a list item


def _following(line: Line, end: int, *, has_unit: bool) -> tuple[str, int]:
    for at in dict.fromkeys((end, line.skip_space(end))):
        for name in _AFTER:
            if not line.low.startswith(line.grammar.words[name], at):
                continue
            for word in line.grammar.words[name]:
                if not line.low.startswith(word, at):
                    continue
                if word[1:].startswith((" 웃도", " 밑도")) and line.before(
                    line.low.rfind(" ", 0, end)
                ).endswith("의"):
                    continue  # 미국의 15.8%를 웃도는: the share being compared with
                if len(word) > 1 or (has_unit and at == end and line.ends_word(at + 1)):
                    return name, at + len(word)
    return "", end


def _readings(
    line: Line, amount: Amount, value: Decimal
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value, low and high of a number with an ambiguous comma; both readings if neither unit nor text settles it."""
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
