"""Reads figures written with digits: number, scale words, unit."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from assistant.core.figures.dates import find_dates
from assistant.core.figures.figure import Figure, Kind
from assistant.core.figures.grammar import PREFIXES, SCALES, SPELLED, UNITS
from assistant.core.text import Language

# What stands between an amount and the same amount in another currency: "1조 위안(약 193조 원)".
_BRACKET = re.compile(r"\s?\((?:약|khoảng|tương đương|about|around|or)?\s?", re.IGNORECASE)
_DIGITS = r"\d+(?:[.,]\d+)*"
_GROUPED = {Language.KO: re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"), Language.EN: re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")}
_GROUPED[Language.VI] = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


def read_figures(text: str, language: Language) -> tuple[Figure, ...]:
    """All figures of a text, in order.

    Digits that belong to a name or a version (GPT-4, H800, V3) and citation markers ([1]) are no figures.
    """
    dates = [
        Figure(text[start:end], Kind.DATE, None, "date", start, end, date=edtf) for start, end, edtf in find_dates(text, language)
    ]
    others = [
        _figure(match, language)
        for match in _pattern(language).finditer(text)
        if all(match.end() <= date.start or match.start("number") >= date.end for date in dates)
    ]
    figures = sorted(dates + others, key=lambda figure: figure.start)
    return tuple(replace(b, linked_to=i - 1) if i and _is_conversion(text, figures[i - 1], b) else b for i, b in enumerate(figures))


def spelled_figures(text: str, language: Language) -> list[str]:
    """The figures in words of a text, as written; they are found but not read."""
    return [match.group() for match in re.finditer("|".join(SPELLED[language]), text, re.IGNORECASE)]


def _is_conversion(text: str, amount: Figure, following: Figure) -> bool:
    return amount.kind is following.kind is Kind.MONEY and bool(_BRACKET.fullmatch(text, amount.end, following.start))


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    scale = _alternatives(SCALES[language])
    unit = _alternatives(UNITS[language])
    boundary = r"(?![a-zà-ỹ])"
    one = rf"{_DIGITS}(?:\s?(?:{scale}){boundary})*"
    number = rf"{one}(?:\s(?=\d+[만억조]?){one})*" if language is Language.KO else one
    prefix = _alternatives(PREFIXES)
    head = rf"(?P<prefix>{prefix})?\s?"
    if language is Language.KO:
        # After Hangul a digit belongs to a name ("큐원3"), but for words that stand before amounts.
        free = r"(?<![A-Za-z0-9.,\-–\[])(?<![가-힣](?<![약총만억조천제]))"
        pattern = rf"{head}{free}(?P<number>{number})(?P<unit>\s?(?:{unit}))?(?![A-Za-z\d])(?!\])"
    else:
        pattern = rf"{head}(?<![\w.,\-–\[])(?P<number>{number})(?P<unit>\s?(?:{unit}){boundary})?(?![\w-]*[a-z])(?!\])"
    return re.compile(pattern, re.IGNORECASE)


def _alternatives(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def _figure(match: re.Match[str], language: Language) -> Figure:
    prefix, unit = (match["prefix"] or "").lower(), " ".join((match["unit"] or "").lower().split())
    kind, name = PREFIXES.get(prefix) or UNITS[language].get(unit) or (Kind.COUNT, "")
    start = match.start("prefix") if prefix else match.start("number")
    text = match.string[start : match.end()]
    return Figure(text, kind, _value(match["number"], language), name, start, match.end())


def _value(number: str, language: Language) -> Decimal:
    """Sum of the number's parts, each multiplied by the scales after it: 7조 6896억 is 7·10¹² + 6896·10⁸."""
    total, scales = Decimal(0), SCALES[language]
    part = re.compile(rf"({_DIGITS})((?:\s?(?:{_alternatives(scales)}))*)", re.IGNORECASE)
    for digits, words in part.findall(number):
        value = _digits(digits, language)
        for word in re.findall(_alternatives(scales), words.lower()):
            value *= scales[" ".join(word.split())]
        total += value
    return total


def _digits(digits: str, language: Language) -> Decimal:
    if _GROUPED[language].fullmatch(digits):
        separator = "." if language is Language.VI else ","
        digits = digits.replace(separator, "")
    digits = digits.replace(",", ".")
    whole, _, fraction = digits.rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{fraction}" if whole else fraction)
