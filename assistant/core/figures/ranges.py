"""Reads ranges: "6억~2350억 파라미터", "từ 10 đến 20%", "between 10 and 20"."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.core.figures.amounts import Amount, amount_at, currency_signs
from assistant.core.figures.line import Line
from assistant.core.figures.numbers import EXACT
from assistant.core.languages import Language

DASH = re.compile(r"\s?[~∼〜～–—]\s?|-(?=[\d$₩€¥£])|\s-\s(?=[\d$₩€¥£])")
_LARGEST_RESULT = 1000
_OPENINGS = ("between ", "from ", "từ ")


@dataclass(frozen=True, slots=True)
class Range:
    """The two ends of a range; ``amount`` spans the whole range and has its unit.

    ``is_result`` marks a score such as 10-6, in a game or a vote.
    """

    amount: Amount
    low: Decimal
    high: Decimal
    is_result: bool = False


def range_of(line: Line, first: Amount) -> Range | None:
    """The range that begins with an amount."""
    dash = DASH.match(line.text, first.end)
    opening, at = ("", dash.end()) if dash else _after_word(line, first)
    if at < 0:
        return None
    is_money = line.low.startswith(tuple(currency_signs()), at)
    if not (line.text[at : at + 1].isdecimal() or is_money or first.number.spelled):
        return None
    second = amount_at(line, at, is_money=is_money)
    if (
        second is None
        or second.start != at
        or second.above
        or (first.explicit and second.explicit and first.unit != second.unit)
    ):
        return None
    end = second.end if dash else _closed(line, first, second)
    if end < 0:
        return None
    unit = second.unit if second.explicit else first.unit
    low, high = (
        EXACT.multiply(first.number.value, unit.factor),
        EXACT.multiply(second.number.value, unit.factor),
    )
    if (
        first.end == first.number.end
        and first.number.scale == 1 != second.number.scale
        and low < EXACT.divide(high, second.number.scale)
    ):
        low = EXACT.multiply(low, second.number.scale)  # "5~10만" means 50,000 to 100,000
    whole = replace(second, start=first.start - len(opening), end=end, unit=unit)
    if low < high:
        return Range(whole, low, high)
    is_result = (
        not (first.explicit or second.explicit)
        and line.text.startswith(("-", "–"), first.end)
        and 0 < high < _LARGEST_RESULT
    )
    return Range(whole, low, high, is_result=True) if is_result else None


def _after_word(line: Line, first: Amount) -> tuple[str, int]:
    """The word that opens the range, and the position after the word that joins its ends; -1 if there is none."""
    start = line.skip_space(first.end)
    word = next((w for w in line.grammar.words["range"] if line.low.startswith(w, start)), None)
    if word is None:
        return "", -1
    before = line.before(first.start)
    opening = next((w for w in _OPENINGS if before.endswith(w)), "")
    # "5 and 10" are two figures, and "from 10% to 20%" is a change.
    if (word == "and" and opening != "between ") or (word == "to" and opening == "from " and first.explicit):
        return "", -1
    return opening, line.skip_space(start + len(word))


def _closed(line: Line, first: Amount, second: Amount) -> int:
    """Where a range in words ends.

    -1 if Korean does not close it: "10%에서 20%로" is two figures, "1에서 4인치" a range.
    """
    if line.language is not Language.KO:
        return second.end
    closing = next((w for w in line.grammar.words["range_end"] if line.low.startswith(w, second.end)), "")
    if not closing and (
        first.explicit or not second.explicit or line.low.startswith(("로", "으로"), second.end)
    ):
        return -1
    return second.end + len(closing)
