"""What holds for every figure: it reads back as itself, in NFC and NFD, wherever it stands.

No text is too strange to read.
"""

import random
import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assistant.core.figures import Figure, Kind, agrees, read_figures, render_figure
from assistant.core.figures.grammar import grammar
from assistant.core.languages import Language

_UNITS = sorted(
    set.intersection(*(set(grammar(language).written) for language in Language))
    - {(Kind.RANK, "rank"), (Kind.RATIO, "ratio"), (Kind.BYTE, "byte")}
)
_WHOLE = (Kind.RANK, Kind.FREQUENCY)
_SURROUNDINGS = {
    Language.KO: ("정부는 ", " 수준이라고 밝혔다."),
    Language.VI: ("Báo cáo nêu: ", " theo thống kê."),
    Language.EN: ("The report says: ", " in all."),
}
_SCRIPTS = {
    Language.KO: "가각한두세일이삼사오육칠팔구십백천만억조원달러위안명개년월시분제약대째번퍼센트여 ",
    Language.VI: "mộthaibabốnnămsáubảytámchínmườitrămnghìntriệutỷđồngngàythángquýthứ ",
    Language.EN: "onetwothreefivetwentyhundredmillionbillionpercenthalfofthirdMayquarter ",
}

languages = st.sampled_from(list(Language))
decimals = st.decimals(min_value=0, max_value=10**15, places=2, allow_nan=False).map(lambda d: d.normalize())
wholes = st.integers(0, 10**17).map(Decimal)
values = st.one_of(
    wholes,
    decimals,
    st.builds(lambda n, e: (n * Decimal(10) ** e).normalize(), st.integers(1, 9999), st.integers(0, 24)),
)
units = st.sampled_from(_UNITS)


def _figure(kind: Kind, unit: str, **fields: Decimal | bool | None) -> Figure:
    return Figure("", kind, fields.pop("value", None), unit, 0, 0, **fields)  # type: ignore[arg-type]


def _content(figure: Figure) -> tuple[object, ...]:
    # "3 times" may be how much or how often, which only Korean always tells apart.
    unit = "times" if figure.kind is Kind.TIMES else figure.unit
    return (
        figure.kind,
        unit,
        figure.value,
        figure.low,
        figure.high,
        figure.approximate,
        figure.vague,
        figure.date,
    )


def _assert_reads_back(figure: Figure, language: Language) -> None:
    written = render_figure(figure, language)
    before, after = _SURROUNDINGS[language]
    for text, offset in ((written, 0), (before + written + after, len(before))):
        read = read_figures(text, language)
        assert [_content(f) for f in read] == [_content(figure)], (text, read)
        assert (read[0].start, read[0].end) == (offset, offset + len(written)), text


@settings(max_examples=600, deadline=None)
@given(languages, units, values)
@example(Language.KO, (Kind.DURATION, "quarter"), Decimal(1))
def test_a_value_reads_back_as_itself_in_each_language(
    language: Language, unit: tuple[Kind, str], value: Decimal
) -> None:
    _assert_reads_back(_figure(*unit, value=value), language)


@settings(max_examples=300, deadline=None)
@given(languages, units, st.integers(2, 10**9), st.integers(2, 10**9))
def test_a_range_reads_back_as_itself(
    language: Language, unit: tuple[Kind, str], low: int, more: int
) -> None:
    _assert_reads_back(_figure(*unit, low=Decimal(low), high=Decimal(low + more)), language)


@settings(max_examples=300, deadline=None)
@given(languages, units, st.integers(2, 10**12), st.sampled_from(["about", "nearly", "at least", "at most"]))
def test_a_qualified_value_reads_back_as_itself(
    language: Language, unit: tuple[Kind, str], n: int, qualifier: str
) -> None:
    value = Decimal(n)
    figure = {
        "about": _figure(*unit, value=value, approximate=True),
        "nearly": _figure(*unit, value=value, high=value, approximate=True),
        "at least": _figure(*unit, low=value),
        "at most": _figure(*unit, high=value),
    }[qualifier]
    _assert_reads_back(figure, language)


@settings(max_examples=200, deadline=None)
@given(languages, units, st.integers(2, 13))
def test_an_order_of_magnitude_reads_back_as_itself(
    language: Language, unit: tuple[Kind, str], exponent: int
) -> None:
    low = Decimal(10) ** exponent
    _assert_reads_back(_figure(*unit, low=low, high=10 * low, vague=True), language)


@settings(max_examples=200, deadline=None)
@given(languages, st.integers(2, 400), st.sampled_from(["day", "week", "month", "year"]))
def test_ranks_and_frequencies_read_back_as_themselves(language: Language, n: int, unit: str) -> None:
    _assert_reads_back(_figure(Kind.RANK, "rank", value=Decimal(n)), language)
    _assert_reads_back(_figure(Kind.FREQUENCY, unit, value=Decimal(n)), language)
    _assert_reads_back(_figure(Kind.FREQUENCY, unit, value=Decimal(1)), language)


@settings(max_examples=200, deadline=None)
@given(languages, st.integers(2, 99), st.integers(2, 99))
@example(Language.KO, 48, 14)
@example(Language.EN, 24, 7)
def test_a_ratio_reads_back_as_itself(language: Language, over: int, under: int) -> None:
    assume(over != under)
    figure = _figure(Kind.RATIO, "ratio", value=Decimal(over) / Decimal(under))
    (back,) = read_figures(f"= {render_figure(figure, language)} =", language)
    assert agrees(back, figure)


@settings(max_examples=300, deadline=None)
@given(
    languages,
    st.integers(1900, 2099),
    st.one_of(st.none(), st.integers(1, 12)),
    st.one_of(st.none(), st.integers(1, 31)),
)
def test_a_date_reads_back_as_itself(
    language: Language, year: int, month: int | None, day: int | None
) -> None:
    edtf = f"{year}" + (f"-{month:02}" + (f"-{day:02}" if day else "") if month else "")
    _assert_reads_back(Figure("", Kind.DATE, None, "date", 0, 0, date=edtf), language)


@settings(max_examples=300, deadline=None)
@given(languages, units, values)
def test_composed_and_decomposed_text_read_alike(
    language: Language, unit: tuple[Kind, str], value: Decimal
) -> None:
    before, after = _SURROUNDINGS[language]
    text = before + render_figure(_figure(*unit, value=value), language) + after
    decomposed = unicodedata.normalize("NFD", text)
    (one,), (other,) = read_figures(text, language), read_figures(decomposed, language)
    assert _content(one) == _content(other)
    assert unicodedata.normalize("NFC", decomposed[other.start : other.end]) == one.text
    assert other.text == decomposed[other.start : other.end]


@settings(max_examples=300, deadline=None)
@given(languages, units, values, st.text(alphabet="가나다 abc đêô\n", max_size=40))
def test_moving_the_text_moves_the_span(
    language: Language, unit: tuple[Kind, str], value: Decimal, moved: str
) -> None:
    text = render_figure(_figure(*unit, value=value), language)
    shifted = f"{moved}\n{text}"
    figures = read_figures(shifted, language)
    assert (figures[-1].text, figures[-1].start) == (text, len(moved) + 1)


@settings(max_examples=2000, deadline=None)
@given(st.text(max_size=200), languages)
@example("", Language.KO)
@example("\u0301" * 9, Language.VI)
def test_any_text_can_be_read(text: str, language: Language) -> None:
    at = 0
    for figure in read_figures(text, language):
        assert text[figure.start : figure.end] == figure.text
        assert at <= figure.start < figure.end
        at = figure.end
        render_figure(figure, language)


def test_a_hundred_thousand_random_strings_of_the_three_scripts_can_be_read() -> None:
    chance = random.Random(2026)
    for n in range(100_000):
        language = list(Language)[n % 3]
        alphabet = _SCRIPTS[language] + "0123456789.,%-~/:()[]$₩ "
        text = "".join(chance.choices(alphabet, k=chance.randrange(1, 40)))
        for figure in read_figures(text, language):
            assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "일",
        "1 ",
        "1,",
        "1.",
        "1억 ",
        "hai ",
        "hai mươi ",
        "1-",
        "약 ",
        "(",
        "a",
        "a-",
        "million ",
        "1/",
        "[1]",
        "http://",
        "năm ",
        "수",
        "first ",
    ],
)
def test_the_time_is_linear_in_the_length(language: Language, piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.thread_time()
        read_figures(text, language)
        return time.thread_time() - started

    seconds(1000)
    # Twelve times the text takes about twelve times as long, and would take 144 times as long if it were
    # quadratic.
    assert seconds(60_000) < 40 * max(seconds(5_000), 0.002)
