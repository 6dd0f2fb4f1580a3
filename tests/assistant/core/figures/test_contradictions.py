from decimal import Decimal

import pytest

from assistant.core.figures import contradictions, read_figures
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "second"),
    [
        ("1조 위안(약 193조 원), 2조 위안(38조 원)", KO, "2조 위안"),
        ("1 tỷ USD (khoảng 25 nghìn tỷ đồng), 2 tỷ USD (5 nghìn tỷ đồng)", VI, "2 tỷ USD"),
        ("$1bn (CNY 7bn) and $2bn (CNY 20bn)", EN, "$2bn"),
    ],
)
def test_a_conversion_at_another_rate_is_found_in_every_language(
    text: str, language: Language, second: str
) -> None:
    (found,) = contradictions(read_figures(text, language))
    assert found.second[0].text == second


def test_rates_that_differ_by_a_tenth_do_not_contradict_each_other() -> None:
    assert contradictions(read_figures("$1bn (CNY 7bn), $1bn (CNY 7.7bn)", EN)) == ()
    assert contradictions(read_figures("$1bn (CNY 7bn), $1bn (CNY 7.8bn)", EN)) != ()


def test_other_currencies_are_not_set_against_each_other() -> None:
    assert contradictions(read_figures("$1bn (CNY 7bn), €1bn (CNY 8bn)", EN)) == ()


def test_a_rate_is_the_same_whichever_amount_comes_first() -> None:
    (found,) = contradictions(read_figures("1조 위안(193조 원), 38조 원(2조 위안)", KO))
    assert found.rates == (Decimal(193), Decimal(19))


def test_each_conversion_is_set_against_the_earliest_that_it_contradicts() -> None:
    found = contradictions(read_figures("$1bn (CNY 7bn), $2bn (CNY 20bn), $3bn (CNY 30bn)", EN))
    assert [(one.first[0].text, one.second[0].text) for one in found] == [("$1bn", "$2bn"), ("$1bn", "$3bn")]
