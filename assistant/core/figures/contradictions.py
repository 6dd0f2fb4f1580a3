"""Finds conflicting currency conversions within an article."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.core.figures.figure import Figure

_TOLERANCE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two conversions between the same currencies whose rates differ by more than a tenth.

    Each is an amount and the same amount in the other currency, as stated in the article.
    """

    first: tuple[Figure, Figure]
    second: tuple[Figure, Figure]

    @property
    def rates(self) -> tuple[Decimal, Decimal]:
        """The rate of each conversion, in units of the alphabetically second currency per unit of the first."""
        return _rate(self.first), _rate(self.second)


def contradictions(figures: Sequence[Figure]) -> tuple[Contradiction, ...]:
    """The conversions in an article that contradict an earlier one, each paired with the earliest it contradicts.

    Args:
        figures: All figures of the article, in order, as returned by ``read_figures``.
    """
    found: list[Contradiction] = []
    earlier: dict[tuple[str, ...], list[tuple[Figure, Figure]]] = {}
    for figure in figures:
        amount = None if figure.linked_to is None else figures[figure.linked_to]
        if amount is None or not amount.value or not figure.value:
            continue
        pair = (amount, figure)
        known = earlier.setdefault(tuple(sorted((amount.unit, figure.unit))), [])
        if other := next((p for p in known if _differ(_rate(p), _rate(pair))), None):
            found.append(Contradiction(other, pair))
        known.append(pair)
    return tuple(found)


def _rate(conversion: tuple[Figure, Figure]) -> Decimal:
    of, to = sorted(conversion, key=lambda figure: figure.unit)
    return (to.value or Decimal(0)) / (of.value or Decimal(1))


def _differ(rate: Decimal, other: Decimal) -> bool:
    return max(rate, other) > (1 + _TOLERANCE) * min(rate, other)
