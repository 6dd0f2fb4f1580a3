from decimal import Decimal

import pytest

from assistant.core.figures import Figure, Kind, exact_strings, figure_json, joined, read_figures
from assistant.core.languages import Language

PARTS = [
    ("1조 위안(약 193조 원).", Language.KO),
    ("1 tỷ USD (khoảng 25 nghìn tỷ đồng).", Language.VI),
    ("$1bn (CNY 7bn).", Language.EN),
]


def test_figures_of_parts_have_their_places_and_links_in_the_whole() -> None:
    text, readings = "", []
    for part, language in PARTS:
        readings.append((len(text), read_figures(part, language)))
        text += part
    figures = joined(readings)
    assert [text[figure.start : figure.end] for figure in figures] == [figure.text for figure in figures]
    assert [figure.linked_to for figure in figures] == [None, 0, None, 2, None, 4]


@pytest.mark.parametrize(
    ("figure", "strings"),
    [
        (Figure("", Kind.MONEY, Decimal("1E+12"), "CNY", 0, 0), ("1000000000000", None, None)),
        (Figure("", Kind.SCORE, Decimal("81.90"), "score", 0, 0), ("81.9", None, None)),
        (Figure("", Kind.COUNT, None, "", 0, 0, low=Decimal("6E+2")), (None, "600", None)),
        (Figure("", Kind.DATE, None, "date", 0, 0, date="XXXX-04-30"), ("XXXX-04-30", None, None)),
    ],
)
def test_exact_strings_have_no_exponent_and_no_idle_zeros(
    figure: Figure, strings: tuple[str | None, str | None, str | None]
) -> None:
    assert exact_strings(figure) == strings


def test_a_figure_as_json_has_its_kind_in_words_and_its_value_as_text() -> None:
    (figure,) = read_figures("tăng 15,8%", Language.VI)
    assert figure_json(figure) | {
        "text": "15,8%",
        "kind": "percent",
        "value": "15.8",
        "start": 5,
    } == figure_json(figure)
