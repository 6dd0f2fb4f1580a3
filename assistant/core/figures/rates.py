"""What something is counted per: "연 150억 원", "mỗi tháng", "a day". No figure of its own, but it has to be right."""

import re
from functools import cache

from assistant.core.figures.figure import Figure, Kind
from assistant.core.languages import Language

_KOREAN = {
    "year": r"연간|매년|해마다|한\s?해|1년에|(?<![가-힣])연(?=\s?(?:평균|[\d약]))|연평균",
    "month": r"월평균|매달|매월|다달이|한\s?달|1개월에|(?<![가-힣\d])월(?=\s?[\d약])",
    "week": r"매주|일주일|한\s?주|주당|1주일|(?<![가-힣])주(?=\s?\d|\s[가-힣]+(?:틀|흘)\b)",
    "day": r"하루|매일|날마다|일평균|1일",
    "hour": r"시간당|한\s?시간에",
}
_VIETNAMESE = {"year": "năm", "month": "tháng", "week": "tuần", "day": "ngày", "hour": "giờ"}
_ENGLISH = {"year": "annual|yearly", "month": "monthly", "week": "weekly", "day": "daily", "hour": "hourly"}


def rates_of(text: str, language: Language) -> frozenset[str]:
    """The units of time that something is counted per in a text: ``year``, ``month``, ``week``, ``day``, ``hour``."""
    return frozenset(unit for unit in _KOREAN if _pattern(unit, language).search(text))


def rate_of(figure: Figure) -> str | None:
    """The unit of a figure that may say what something is counted per ("every month", "one year").

    None of any other.
    """
    is_one = figure.value == 1 and figure.kind in (Kind.FREQUENCY, Kind.DURATION)
    return figure.unit if is_one and figure.unit in _KOREAN else None


@cache
def _pattern(unit: str, language: Language) -> re.Pattern[str]:
    match language:
        case Language.KO:
            return re.compile(_KOREAN[unit])
        case Language.VI:
            return re.compile(rf"(?:\b(?:mỗi|một|hằng|hàng|theo)\s|/\s?){_VIETNAMESE[unit]}\b", re.IGNORECASE)
        case Language.EN:
            return re.compile(
                rf"(?:\b(?:per|an?|each|every|one)[\s-]|/\s?){unit}\b|\b(?:{_ENGLISH[unit]})", re.IGNORECASE
            )
