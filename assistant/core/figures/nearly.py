"""Reads imprecise numbers: "두세 명", "ba, bốn năm", "40대 여성", "2천억대"."""

import re
from decimal import Decimal

from assistant.core.figures.amounts import Amount
from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import Unit
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import EXACT, read_number
from assistant.core.figures.part import Part
from assistant.core.figures.ranges import range_of
from assistant.core.figures.units import BARE, unit_at
from assistant.core.languages import Language

_AGE = Unit(Kind.COUNT, "year_of_age")
_OF_AGE = re.compile(r"\s?(?:남|여|청년|이상|이하|초반|중반|후반|인구|층|응답|이용자|직장인|주부|부부)")
_HUNDRED_MILLION = 10**8


def about_two(line: Line, at: int) -> list[Part]:
    """A number or the next one: "두세 명", "ba, bốn năm", "two or three years"."""
    low, end = _two_numbers(line, at)
    if low is None:
        return []
    power = Decimal(1)
    while scale := next(iter(line.grammar.any_scales.at(line.low, line.skip_space(end))), None):
        if scale[0] not in line.grammar.scales:
            break
        power, end = EXACT.multiply(power, scale[1]), line.skip_space(end) + len(scale[0])
    found = unit_at(line, end)
    if found is None and (power == 1 or line.language is not Language.VI):
        return []
    unit, end = found or (BARE, end)
    factor = EXACT.multiply(power, unit.factor)
    return [Part(unit, at, end, low=low * factor, high=(low + 1) * factor, approximate=True)]


def _two_numbers(line: Line, at: int) -> tuple[Decimal | None, int]:
    """The smaller of two consecutive numbers, and the end of the second."""
    if line.language is Language.KO:
        found = next(iter(line.grammar.pairs.at(line.low, at)), None)
        return (Decimal(found[1]), at + len(found[0])) if found else (None, at)
    first = read_number(line, at)
    if first is None or not first.spelled or first.scale != 1 or not 1 <= first.value < 10:
        return None, at
    for joint in (" or ",) if line.language is Language.EN else (", ", " hoặc ", " "):
        start = first.end + len(joint)
        if not line.low.startswith(joint, first.end):
            continue
        for word, value in line.grammar.numbers.at(line.low, start):
            if value == first.value + 1 and value < 10 and not line.is_letter(start + len(word)):
                return first.value, start + len(word)
    return None, at


def decade_of_age(line: Line, amount: Amount) -> Part | None:
    """Age groups ("20~30대", "40대 남성") and orders of magnitude ("2천억대") written with Korean 대.

    None if 대 counts machines.
    """
    found = None if amount.explicit else range_of(line, amount)
    last = found.amount if found else amount
    if last.unit.name != "machine" or line.text[last.end - 1] != "대":
        return None
    if amount.number.scale >= _HUNDRED_MILLION:
        first_place = Decimal(1).scaleb(amount.value.adjusted())
        return Part(
            BARE, amount.start, amount.end, low=amount.value, high=amount.value + first_place, vague=True
        )
    low, high = (found.low, found.high) if found else (amount.value, amount.value)
    behind = _OF_AGE.match(line.text, last.end)
    if not 10 <= low <= high <= 90 or low % 10 or high % 10 or not (found or behind):
        return None
    bound = behind.group().strip() if behind else ""
    if bound in ("이상", "이하") and behind:
        is_least = bound == "이상"
        return Part(
            _AGE,
            amount.start,
            behind.end(),
            low=low if is_least else None,
            high=None if is_least else high + 9,
        )
    return Part(_AGE, amount.start, last.end, low=low, high=high + 9)
