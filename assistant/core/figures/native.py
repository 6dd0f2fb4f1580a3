"""Reads native Korean numerals."""

from decimal import Decimal

from assistant.core.figures.line import Line
from assistant.core.figures.numbers import Number


def read_native(line: Line, at: int) -> Number | None:
    """A native Korean numeral, used with counters: 한, 열다섯, 스물두."""
    total, end, limit = 0, at, 100
    while limit > 1:
        found = [(word, value) for word, value in line.grammar.native.at(line.low, end) if value < limit]
        if not found:
            break
        word, value = found[0]
        total, end, limit = total + value, end + len(word), 10 if value >= 10 else 1
        spaced = line.skip_space(end)  # 열 다섯
        if (
            limit == 10
            and spaced == end + 1
            and any(2 <= ones < 10 and len(w) > 1 for w, ones in line.grammar.native.at(line.low, spaced))
        ):
            end = spaced
    return Number(Decimal(total), at, end, spelled=True) if total else None
