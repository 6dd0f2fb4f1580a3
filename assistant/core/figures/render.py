"""Writes a figure in a given language; the output reads back as the same figure."""

from decimal import Decimal
from fractions import Fraction

from assistant.core.figures.edtf import ordinal, render_date
from assistant.core.figures.figure import COUNTERS, Figure, Kind
from assistant.core.figures.grammar import grammar
from assistant.core.figures.numbers import EXACT
from assistant.core.languages import Language

_SCALES = {
    Language.VI: (("nghìn tỷ", Decimal("1E12")), ("tỷ", Decimal("1E9")), ("triệu", Decimal("1E6"))),
    Language.EN: (("trillion", Decimal("1E12")), ("billion", Decimal("1E9")), ("million", Decimal("1E6"))),
}
_MYRIADS = (("경", Decimal("1E16")), ("조", Decimal("1E12")), ("억", Decimal("1E8")), ("만", Decimal("1E4")))
_BYTES = (
    ("PB", Decimal("1E15")),
    ("TB", Decimal("1E12")),
    ("GB", Decimal("1E9")),
    ("MB", Decimal("1E6")),
    ("KB", Decimal("1E3")),
)
_ORDERS = {
    Language.VI: (["", "chục", "trăm"], ["", "nghìn", "triệu", "tỷ", "nghìn tỷ"]),
    Language.EN: (["", "tens", "hundreds"], ["", "thousands", "millions", "billions", "trillions"]),
    Language.KO: (["", "십", "백", "천"], ["", "만", "억", "조", "경"]),
}
_COUNTERS = ("개", "개의", "명", "명의", "건", "건의", "대", "대의", "장의", "곳의", "기의")
"""Counters before which a longer Korean unit is attached without a space too: 119개 언어."""
_FIRST_YEAR = 1000
_MILLION = Decimal("1E6")
_POWERS_FROM = {Language.KO: Decimal("1E20"), Language.VI: Decimal("1E18"), Language.EN: Decimal("1E18")}
_AMBIGUOUS = 3
"""Decimals after a Vietnamese comma that could also be read as thousands."""
_MAX_DENOMINATOR = 10_000
_ALWAYS = Fraction(24, 7)
""""24/7" would mean "around the clock"."""


def render_figure(figure: Figure, language: Language) -> str:
    """The figure in the language's own notation.

    Falls back to the source's wording if the language has no word for the unit.
    """
    if figure.date:
        return render_date(figure.date, language)
    if figure.vague:
        written = _order_of_magnitude(figure, language)
    elif figure.value is None:
        written = _range(figure, language)
    elif figure.kind is Kind.FREQUENCY:
        written = _frequency(figure.value, figure.unit, language)
    else:
        written = _amount(figure.value, figure.kind, figure.unit, language)
        if written and figure.approximate:
            written = f"{grammar(language).words['about' if figure.high is None else 'nearly'][0]} {written}"
    return written or figure.text


def _range(figure: Figure, language: Language) -> str | None:
    low, high = (
        None if end is None else _amount(end, figure.kind, figure.unit, language)
        for end in (figure.low, figure.high)
    )
    if low and high:
        if figure.low is not None and figure.high is not None and figure.kind in (Kind.COUNT, Kind.DURATION):
            ends = [_scaled(end, language) for end in (figure.low, figure.high)]
            # 3~4년, but 3만명~200만명, and 1800명~2000명, because 1800 alone would read as a year
            is_whole = any(c.isalpha() for c in ends[1]) or (
                ends[0].isdecimal() and len(ends[0]) == len("1800")
            )
            low = low if is_whole else ends[0]
        return {
            Language.KO: f"{low}~{high}",
            Language.VI: f"từ {low} đến {high}",
            Language.EN: f"{low}–{high}",
        }[language]
    amount, side, words = low or high, "at_least" if low else "at_most", grammar(language).words
    if amount is None:
        return None
    return (
        f"{amount} {words[f'{side}_after'][0]}" if language is Language.KO else f"{words[side][0]} {amount}"
    )


def _amount(value: Decimal, kind: Kind, unit: str, language: Language) -> str | None:
    """Number and unit; None if the language has no word for the unit."""
    if kind in (Kind.RATIO, Kind.RANK):
        return _ratio(value, language) if kind is Kind.RATIO else _rank(value, unit, language)
    if kind is Kind.BYTE:
        sign, factor = next(
            ((sign, factor) for sign, factor in _BYTES if abs(value) >= factor), ("byte", Decimal(1))
        )
        return f"{_digits(EXACT.divide(value, factor), language)} {grammar(language).written[kind, unit] if factor == 1 else sign}"
    word = _word(kind, unit, language)
    if word is None:
        return None
    number = _scaled(value, language)
    if (language, kind, unit) == (Language.KO, Kind.DURATION, "year") and value >= _FIRST_YEAR:
        word = "년간"  # 2000년 would read as a date
    is_sign = not word[:1].isalpha() or word[:1].isascii()
    attached = kind is Kind.PERCENT or (
        language is Language.KO
        and kind is not Kind.MONEY
        and (is_sign or len(word) < len("세 자리") or word.partition(" ")[0] in _COUNTERS)
    )
    return f"{number}{'' if attached or not word else ' '}{word}"


def _word(kind: Kind, unit: str, language: Language) -> str | None:
    """The unit's word; empty for a count of unnamed things if the language has no counter for them."""
    if unit == "occurrence" and language is not Language.KO:
        unit = "times"
    return grammar(language).written.get((kind, unit), "" if unit in COUNTERS or not unit else None)


def _order_of_magnitude(figure: Figure, language: Language) -> str | None:
    """An order of magnitude, e.g. "수십억 달러", "hàng chục tỷ đồng", "tens of billions of dollars".

    None if the language has no word for the unit, or if the figure is vague because its separators are
    ambiguous.
    """
    word = _word(figure.kind, figure.unit, language)
    if figure.low is None or figure.high != 10 * figure.low or word is None:
        return None
    tens, scales = _ORDERS[language]
    scale, ten = divmod(figure.low.adjusted(), len(tens))
    if language is Language.KO:
        return f"수{tens[ten]}{scales[scale]} {word}".rstrip()
    parts = [part for part in (tens[ten], scales[scale]) if part]
    if language is Language.VI:
        return " ".join(part for part in ("hàng", *parts, word) if part)
    return " of ".join([*parts, word] if word else parts)


def _frequency(value: Decimal, unit: str, language: Language) -> str | None:
    if value == 1:
        phrases = grammar(language).phrases.items()
        return next(
            word
            for word, (meaning, n) in phrases
            if (meaning.kind, meaning.name, n) == (Kind.FREQUENCY, unit, value)
        )
    period = _amount(value, Kind.DURATION, unit, language)
    return {Language.KO: f"{period}마다", Language.VI: f"{period} một lần", Language.EN: f"every {period}"}[
        language
    ]


def _ratio(value: Decimal, language: Language) -> str:
    fraction = Fraction(value).limit_denominator(_MAX_DENOMINATOR)
    if fraction.denominator == 1:
        return f"{fraction.numerator}대 1" if language is Language.KO else f"{fraction.numerator}:1"
    if language is Language.VI and fraction > 1:  # 13/2 would read as a date
        return f"{fraction.numerator} trên {fraction.denominator}"
    if fraction == _ALWAYS:
        return "24:7"
    return f"{fraction.numerator}/{fraction.denominator}"


def _rank(value: Decimal, unit: str, language: Language) -> str:
    """A rank, a century, or any other ordinal ("4번째")."""
    number = f"{value:f}"
    if language is Language.KO:
        return number + {"rank": "위", "century": "세기"}.get(unit, "번째")
    if language is Language.VI:
        return {"rank": "hạng", "century": "thế kỷ"}.get(unit, "thứ") + f" {number}"
    return ordinal(int(value)) + {"rank": " place", "century": " century"}.get(unit, "")


def _scaled(value: Decimal, language: Language) -> str:
    if value < 0:
        return f"-{_scaled(-value, language)}"
    if value >= _POWERS_FROM[language]:
        return _power(value, language)
    if language is Language.KO:
        return _in_myriads(value)
    for word, scale in _SCALES[language]:
        coefficient = EXACT.divide(value, scale)
        # "1,234 tỷ" could also be read as 1234 billion, so it is written in millions: 1.234 triệu
        if value >= scale and not (
            language is Language.VI and scale > _MILLION and _decimals(coefficient) == _AMBIGUOUS
        ):
            return f"{_digits(coefficient, language, is_scaled=True)} {word}"
    return _digits(value, language)


def _power(value: Decimal, language: Language) -> str:
    """Scientific notation ("10^25", "3.5 × 10^25"), as no language has familiar words for such large numbers."""
    exponent = value.adjusted()
    factor = _digits(value.scaleb(-exponent, EXACT), language, is_scaled=True)
    return f"10^{exponent}" if factor == "1" else f"{factor} × 10^{exponent}"


def _in_myriads(value: Decimal) -> str:
    """Korean myriad notation, e.g. "7조 6896억", "278만 8000".

    A decimal of the largest scale is used if the remainder would not be read as part of the number.
    """
    parts, rest = [], value
    for word, scale in _MYRIADS:
        whole, rest = divmod(rest, scale)
        if whole:
            parts.append(f"{whole:f}{word}")
    if not rest:
        return " ".join(parts) or "0"
    if not parts:
        return _digits(value, Language.KO)
    if parts[-1].endswith("만") and rest == rest.to_integral_value():
        return " ".join(parts) + (f" {rest:f}" if rest >= 100 else f"{rest:f}")
    word, scale = next((word, scale) for word, scale in _MYRIADS if value >= scale)
    return f"{_digits(EXACT.divide(value, scale), Language.KO)}{word}"


def _decimals(value: Decimal) -> int:
    return -int(value.normalize(EXACT).as_tuple().exponent)


def _digits(value: Decimal, language: Language, *, is_scaled: bool = False) -> str:
    text = f"{value.normalize(EXACT):f}"
    if language is Language.KO:
        return text
    whole, _, fraction = text.partition(".")
    grouped = f"{int(whole):,}"
    if language is Language.VI:
        grouped = grouped.replace(",", ".")
    mark = "," if language is Language.VI else "."
    if language is Language.VI and len(fraction) == _AMBIGUOUS and not is_scaled:
        fraction += "0"
    return f"{'-' if text.startswith('-0') else ''}{grouped}{mark}{fraction}" if fraction else grouped
