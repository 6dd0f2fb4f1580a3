"""Finds and reads every figure in a text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from assistant.core.figures.amounts import Amount, amount_at, is_in_name, is_label, is_meant
from assistant.core.figures.dated import DATE, dated_at, is_counted, same_period
from assistant.core.figures.dates import plain_year_at
from assistant.core.figures.edtf import FIRST_QUARTER
from assistant.core.figures.figure import Figure, Kind
from assistant.core.figures.grammar import Lexicon, Unit, grammar
from assistant.core.figures.line import Line
from assistant.core.figures.nearly import about_two, decade_of_age
from assistant.core.figures.numbers import EXACT, read_number
from assistant.core.figures.part import Part
from assistant.core.figures.qualifiers import qualified, qualifier_before, valued
from assistant.core.figures.ranges import DASH, range_of
from assistant.core.figures.ranks import ranked_at
from assistant.core.figures.ratios import RATIO, Ratio, fraction_at, ratio_of, with_fraction
from assistant.core.figures.starts import candidates, starts
from assistant.core.figures.units import BARE, unit_at
from assistant.core.languages import Language
from assistant.core.text import nfc

_TIMES = Unit(Kind.TIMES, "times")
_OCCURRENCE = Unit(Kind.TIMES, "occurrence")

_NAME_REST = re.compile(r"[^\W가-힣]*(?:[.-][^\W가-힣]+)*(?:\(\w+\))*")
_FOLD = re.compile(r"-?fold\b")
_CONVERSION_REACH = 16
_DOZEN = 12
# Digit groups separated by plain spaces may be one number or several table cells: not read.
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?(?!\d)")
_LISTED = re.compile(r"\d{1,4}(?:[·ㆍ・]\d{1,4})+(?![\d.])")


def read_figures(text: str, language: Language, published: date | None = None) -> tuple[Figure, ...]:
    """All figures of a text, in order; their offsets refer to the text as given, in NFC or NFD.

    Digits that are part of a name or version (GPT-4, H800, V3), citation markers ([1]), links and telephone
    numbers are not figures.

    Args:
        text: Any length; runs in linear time.
        language: Determines the meaning of separators and words; amounts in the notation of the other
            languages are read as well.
        published: The article's date; without it, relative dates such as "지난해" are not read.
    """
    line = Line.of(text, language)
    parts = list(_parts(line, published))
    figures = [_figure(same_period(line, part, parts[:i]), text, line) for i, part in enumerate(parts)]
    return tuple(
        replace(figure, linked_to=i - 1)
        if i and _is_conversion(text, figures[i - 1], figure, language)
        else figure
        for i, figure in enumerate(figures)
    )


def _figure(part: Part, original: str, line: Line) -> Figure:
    start, end = line.span(part.start, part.end)
    return Figure(
        original[start:end],
        part.unit.kind,
        part.value,
        part.unit.name,
        start,
        end,
        part.low,
        part.high,
        part.approximate,
        part.vague,
        date=part.date,
    )


def _parts(line: Line, published: date | None) -> Iterator[Part]:
    at = 0
    start = starts(line.language)
    for candidate in candidates(line.language).finditer(line.low):
        match = start.match(line.low, candidate.start()) if candidate.start() >= at else None
        if match is None:
            continue
        if match.lastgroup == "none":
            at = match.end()
            continue
        if (
            match.lastgroup == "digit"
            and (spaced := _SPACED.match(line.low, match.start()))
            and not _is_version(line, match.start())
        ):
            at = spaced.end()
            continue
        found = _parts_at(line, match.start(), published, is_money=match.lastgroup == "prefix")
        yield from found
        line.numbers.clear()  # parsing never goes back
        at = found[-1].end if found else _behind(line, match.start())


def _parts_at(line: Line, at: int, published: date | None, *, is_money: bool) -> list[Part]:
    """The figures that begin at a position: one, or several for a date range or a list."""
    if line.text[at].isdecimal() and is_in_name(line, at):
        return []
    if not is_money and (found := _without_amount(line, at, published)):
        return found
    amount = amount_at(line, at, is_money=is_money)
    if amount is None:
        return []
    if amount.number.spelled and (ratio := ratio_of(line, amount)):
        return [qualified(line, _ratio(ratio))]
    if amount.unit.name == "machine" and (ratio := ratio_of(line, amount)):
        return [_ratio(ratio)]  # 10대 6
    amount = with_fraction(line, amount)
    is_decade = amount.unit.name == "machine" or (not amount.explicit and DASH.match(line.text, amount.end))
    if is_decade and (decade := decade_of_age(line, amount)):
        return [decade]
    if is_label(line, amount) or not is_meant(line, amount):
        return []
    return [_special(line, amount) or _plain(line, amount)]


def _without_amount(line: Line, at: int, published: date | None) -> list[Part]:
    """Figures other than a number with a unit: lists, dates, phrases, ranks, "two or three", fractions."""
    if found := (
        _listed(line, at, published)
        or dated_at(line, at, published)
        or _phrase(line, at)
        or _several(line, at)
        or ranked_at(line, at)
        or (not line.text[at].isdecimal() and about_two(line, at))
    ):
        return found
    fraction = fraction_at(line, at)
    return [qualified(line, _ratio(fraction))] if fraction else []


def _is_version(line: Line, at: int) -> bool:
    return is_in_name(line, at) or line.before(at).rstrip(" -").endswith(line.grammar.versioned)


def _listed(line: Line, at: int, published: date | None) -> list[Part]:
    """Enumerated numbers, e.g. "1·2위", "5·6월": each takes the unit of the last."""
    match = (
        _LISTED.match(line.text, at) if line.language is Language.KO and line.text[at].isdecimal() else None
    )
    if match is None:
        return []
    *others, last = re.finditer(r"\d+", match.group())
    found = _parts_at(line, at + last.start(), published, is_money=False)
    if len(found) != 1 or not found[0].unit.name:
        return []
    part, listed = found[0], []
    for number in others:
        start, end = at + number.start(), at + number.end()
        edtf = _with_last(part.date, int(number.group())) if part.date else None
        if (part.date and edtf is None) or (part.value is None and not part.date):
            return []
        listed.append(Part(part.unit, start, end, None if part.date else Decimal(number.group()), date=edtf))
    return [*listed, part]


def _with_last(edtf: str, number: int) -> str | None:
    """A date with its last component replaced: XXXX-06 and 5 give XXXX-05."""
    stem, _, last = edtf.rpartition("-")
    if not stem:
        return None
    if len(last) == 2 and int(last) >= FIRST_QUARTER and stem.count("-") == 0:  # quarters
        number += FIRST_QUARTER - 1
    return f"{stem}-{number:02}"


def _behind(line: Line, at: int) -> int:
    """Where to resume when nothing was found: after the name the digits belong to."""
    if not line.text[at].isdecimal():
        return at + 1
    number = read_number(line, at)
    rest = _NAME_REST.match(line.text, number.end if number else at)
    return max(rest.end() if rest else at, at + 1)


def _plain(line: Line, amount: Amount) -> Part:
    found = range_of(line, amount)
    if found and found.is_result:
        return Part(RATIO, found.amount.start, found.amount.end, found.low / found.high)
    if found:
        return qualified(
            line, Part(found.amount.unit, found.amount.start, found.amount.end, None, found.low, found.high)
        )
    return qualified(line, valued(line, amount), above=amount.above)


def _special(line: Line, amount: Amount) -> Part | None:
    """Years, ranks, multiples, frequencies and ratios that include the amount."""
    number = amount.number
    if not amount.explicit and number.scale == 1:
        year = plain_year_at(line, amount.start)
        is_year = year and year.end == amount.end and not is_counted(line, amount.start, year.end)
        if year and is_year and not qualifier_before(line, amount.start)[0]:
            return Part(DATE, amount.start, year.end, date=year.edtf)
    if ratio := ratio_of(line, amount):
        return qualified(line, _ratio(ratio))
    if line.language is Language.EN and (match := _FOLD.match(line.low, number.end)):
        return Part(_TIMES, amount.start, match.end(), number.value)
    times = next(
        (
            w
            for w in line.grammar.words.get("times_before", ())
            if line.before(amount.start).endswith(w + " ")
        ),
        None,
    )
    if times and amount.unit in (BARE, _TIMES) and range_of(line, amount) is None:
        return Part(_TIMES, amount.start - len(times) - 1, amount.end, number.value)
    if (
        amount.unit == _TIMES
        and line.language is not Language.KO
        and not _is_multiple(line, amount)
        and not range_of(line, amount)
    ):
        return qualified(line, Part(_OCCURRENCE, amount.start, amount.end, number.value))
    return _frequency(line, amount) if amount.unit.kind is Kind.DURATION else None


def _is_multiple(line: Line, amount: Amount) -> bool:
    """Whether "lần" or "times" is a factor ("three times larger") rather than a number of occurrences."""
    words = line.grammar.words
    before = line.before(amount.start).rstrip(" ")
    return before.endswith(words["multiple_before"]) or line.low.startswith(
        words["multiple_after"], amount.end
    )


def _frequency(line: Line, amount: Amount) -> Part | None:
    """A frequency, e.g. "6개월마다", "hai tuần một lần", "every two weeks"."""
    unit = Unit(Kind.FREQUENCY, amount.unit.name)
    start = line.skip_space(amount.end)
    for word in line.grammar.every["after"]:
        if line.low.startswith(word, start):
            return Part(unit, amount.start, start + len(word), amount.value)
    for word in line.grammar.every["before"]:
        if line.before(amount.start).endswith(word + " "):
            return Part(unit, amount.start - len(word) - 1, amount.end, amount.value)
    return None


def _ratio(ratio: Ratio) -> Part:
    return Part(RATIO, ratio.start, ratio.end, ratio.value)


# --- words that are figures on their own
# --------------------------------------------------------------------------------------


@cache
def _phrases(language: Language) -> Lexicon[tuple[Unit, Decimal]]:
    return Lexicon(grammar(language).phrases)


def _phrase(line: Line, at: int) -> list[Part]:
    """A fixed phrase, e.g. "절반", "gấp đôi", "every week"; the "half" of "half a million" is part of a number instead."""
    for word, (unit, value) in _phrases(line.language).at(line.low, at):
        end = at + len(word)
        if (
            line.ends_word(end)
            and not (word == "half" and line.low.startswith(" a ", end))
            and not line.text.startswith("-", end)
        ):
            return [qualified(line, Part(unit, at, end, value))]
    return []


def _several(line: Line, at: int) -> list[Part]:
    """An order of magnitude without an exact value, e.g. "수십억 달러", "hàng chục tỷ", "tens of billions"."""
    opening = next((word for word in line.grammar.words["several"] if line.low.startswith(word, at)), "")
    if not opening and line.language is not Language.EN:
        return []
    start = line.skip_space(at + len(opening)) if opening else at
    if opening and line.language is not Language.KO and start == at + len(opening):
        return []
    power, end = Decimal(1), start
    while scale := _scale_at(line, line.skip_space(end) if end > start else end, plural=not opening):
        power, end = EXACT.multiply(power, scale[0]), scale[1]
        if line.low.startswith(" of ", end) and _scale_at(line, end + len(" of "), plural=not opening):
            end += len(" of")
    if end == start:
        return []
    unit, end = unit_at(line, end + len(" of") if line.low.startswith(" of ", end) else end) or (BARE, end)
    return [Part(unit, at, end, low=power, high=EXACT.multiply(power, Decimal(10)), vague=True)]


def _scale_at(line: Line, at: int, *, plural: bool) -> tuple[Decimal, int] | None:
    if plural and line.low.startswith("tens", at):
        return Decimal(10), at + len("tens")
    for word, scale in line.grammar.any_scales.at(line.low, at):
        end = at + len(word)
        is_plural = line.language is Language.EN and line.low.startswith("s", end)
        if word not in line.grammar.scales or (plural and not is_plural):
            continue
        end += is_plural
        if line.language is Language.KO or not line.is_letter(end):
            return (Decimal(10) if scale == _DOZEN else scale), end
    return None


# --- one amount stated twice
# ----------------------------------------------------------------------------------------------------


def _is_conversion(text: str, amount: Figure, following: Figure, language: Language) -> bool:
    """Whether an amount restates the one before it in another currency: "1조 위안(약 193조 원)"."""
    if not (amount.kind is following.kind is Kind.MONEY and amount.unit != following.unit):
        return False
    between = nfc(text[amount.end : min(following.start, amount.end + 3 * _CONVERSION_REACH)])
    return len(between) <= _CONVERSION_REACH and bool(_conversion(language).fullmatch(between))


@cache
def _conversion(language: Language) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in grammar(language).words["conversion"])
    return re.compile(
        rf"\s?[(（\[]\s?(?:(?:{words})[\s,]?)*\s?|\s?[,–—=]?\s(?:{words})\s(?:\S+\s)?|\s?=\s?", re.IGNORECASE
    )
