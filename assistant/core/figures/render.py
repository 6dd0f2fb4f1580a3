"""Writes a figure as a language writes it."""

from decimal import Decimal

from assistant.core.figures.dates import render_date
from assistant.core.figures.figure import Figure, Kind
from assistant.core.figures.grammar import UNITS
from assistant.core.text import Language

_KOREAN_STEPS = (("조", Decimal(10**12)), ("억", Decimal(10**8)), ("만", Decimal(10**4)))
_STEPS = {
    Language.VI: (("nghìn tỷ", Decimal(10**12)), ("tỷ", Decimal(10**9)), ("triệu", Decimal(10**6))),
    Language.EN: (("trillion", Decimal(10**12)), ("billion", Decimal(10**9)), ("million", Decimal(10**6))),
}
_ATTACHED = frozenset(("%p", "%포인트", "개 언어", "개월", "년간", "년", "일", "위", "배", "점", "명", "개", "건"))
"""Units that follow the number without a space."""


def render_figure(figure: Figure, language: Language) -> str:
    """The figure in the language's own notation; as the source writes it where the language has no word for its unit."""
    if figure.date:
        return render_date(figure.date, language)
    unit = next((word for word, meaning in UNITS[language].items() if meaning == (figure.kind, figure.unit)), None)
    if figure.value is None or unit is None or figure.kind is Kind.RANK:
        return figure.text
    number = _scaled(figure.value, language)
    if figure.kind is Kind.PERCENT:
        return f"{number}%"
    return f"{number}{'' if unit in _ATTACHED else ' '}{unit.replace('gpu', 'GPU')}"


def _scaled(value: Decimal, language: Language) -> str:
    if language is Language.KO:
        return _korean(value)
    for word, scale in _STEPS[language]:
        if value >= scale:
            return f"{_digits(value / scale, language)} {word}"
    return _digits(value, language)


def _korean(value: Decimal) -> str:
    parts = []
    for word, scale in _KOREAN_STEPS:
        whole, value = divmod(value, scale)
        if whole:
            parts.append(f"{_digits(whole, Language.KO)}{word}")
    if value or not parts:
        parts.append(_digits(value, Language.KO))
    return " ".join(parts)


def _digits(value: Decimal, language: Language) -> str:
    text = f"{value.normalize():f}"
    if language is not Language.VI:
        return f"{value.normalize():,f}" if language is Language.EN else text
    whole, _, fraction = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{fraction}" if fraction else grouped
