from decimal import Decimal

import pytest

from assistant.core.figures import Kind, read_figures
from assistant.core.figures.line import Line
from assistant.core.figures.ratios import fraction_at
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "over", "under"),
    [
        ("삼분의 이", KO, 2, 3),
        ("3분의 2", KO, 2, 3),
        ("hai phần ba", VI, 2, 3),
        ("two-thirds", EN, 2, 3),
        ("3:4", KO, 3, 4),
        ("3:4", VI, 3, 4),
        ("3:4", EN, 3, 4),
        ("3 1/4", EN, 13, 4),
        ("일과 이분의 일", KO, 3, 2),
        ("năm và một phần hai", VI, 11, 2),
    ],
)
def test_a_ratio_has_the_value_of_its_quotient(text: str, language: Language, over: int, under: int) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.kind, figure.value, figure.text) == (Kind.RATIO, Decimal(over) / Decimal(under), text)


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [("3 1/4 hours", EN, "3.25", "hour"), ("2 1/2 năm", VI, "2.5", "year"), ("1 1/2시간", KO, "1.5", "hour")],
)
def test_a_number_with_a_fraction_has_the_unit_behind_it(
    text: str, language: Language, value: str, unit: str
) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.kind, figure.value, figure.unit) == (Kind.DURATION, Decimal(value), unit)


@pytest.mark.parametrize("language", list(Language))
def test_a_fraction_in_digits_is_read_in_every_language(language: Language) -> None:
    found = fraction_at(Line.of("2/3", language), 0)
    assert found is not None
    assert (found.value, found.start, found.end) == (Decimal(2) / 3, 0, 3)


def test_a_fraction_takes_the_sign_before_it() -> None:
    found = fraction_at(Line.of("-1/2", EN), 1)
    assert found is not None
    assert (found.value, found.start) == (Decimal("-0.5"), 0)


@pytest.mark.parametrize("text", ["2024/25", "3/0", "1/2/2025", "3"])
def test_a_season_a_date_and_a_division_by_nothing_are_no_fractions(text: str) -> None:
    assert fraction_at(Line.of(text, EN), 0) is None
