"""Rates, i.e. the period a figure refers to: "연 150억 원", "mỗi tháng", "a day". Not figures, but checked too."""

from assistant.core.figures.figure import Figure, Kind
from assistant.core.languages import Language, pack

_UNITS = frozenset(("year", "month", "week", "day", "hour"))


def rates_of(text: str, language: Language) -> frozenset[str]:
    """The time units that a text uses in rates: ``year``, ``month``, ``week``, ``day``, ``hour``."""
    return frozenset(unit for unit, rule in pack(language).rates.items() if rule.search(text))


def rate_of(figure: Figure) -> str | None:
    """The time unit of a figure that may express a rate ("every month", "one year"); None for any other figure."""
    is_one = figure.value == 1 and figure.kind in (Kind.FREQUENCY, Kind.DURATION)
    return figure.unit if is_one and figure.unit in _UNITS else None
