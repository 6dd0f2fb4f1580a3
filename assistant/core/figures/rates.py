"""What something is counted per: "연 150억 원", "mỗi tháng", "a day". No figure of its own, but it has to be right."""

from assistant.core.figures.figure import Figure, Kind
from assistant.core.languages import Language, pack

_UNITS = frozenset(("year", "month", "week", "day", "hour"))


def rates_of(text: str, language: Language) -> frozenset[str]:
    """The units of time that something is counted per in a text: ``year``, ``month``, ``week``, ``day``, ``hour``."""
    return frozenset(unit for unit, rule in pack(language).rates.items() if rule.search(text))


def rate_of(figure: Figure) -> str | None:
    """The unit of a figure that may say what something is counted per ("every month", "one year").

    None of any other.
    """
    is_one = figure.value == 1 and figure.kind in (Kind.FREQUENCY, Kind.DURATION)
    return figure.unit if is_one and figure.unit in _UNITS else None
