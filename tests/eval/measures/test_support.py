from typing import Any

import pytest

from assistant.core.languages import Language
from eval.measures.support import is_supported, recall_and_precision, unsupported_figures

KO, VI, EN = Language.KO, Language.VI, Language.EN
CITATION = {
    "title": "Kết quả của Xiaomi",
    "publisher": "Báo Mới",
    "published": "2025-11-27",
    "language": "vi",
    "quote": "Ngày 26, Xiaomi công bố doanh thu 43 tỷ USD,\ntăng 15,8%.",
}


def _sentence(text: str, outcome: str = "verified") -> dict[str, Any]:
    return {"text": text, "outcome": outcome}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("샤오미의 매출은 430억 달러로 15.8% 늘었다.", KO),
        ("Doanh thu của Xiaomi là 43 tỷ USD.", VI),
        ("Xiaomi's revenue was $43 billion.", EN),
        ("Xiaomi published its revenue on 26 November 2025.", EN),
        ("According to Báo Mới (2025-11-27), the figure is 15.8%.", EN),
    ],
)
def test_a_sentence_in_any_language_is_borne_by_the_words_cited(text: str, language: Language) -> None:
    assert unsupported_figures(_sentence(text), [CITATION], language) == []
    assert is_supported(_sentence(text), [CITATION], language)


@pytest.mark.parametrize(
    ("text", "language", "figure"),
    [
        ("샤오미의 매출은 440억 달러다.", KO, "440억 달러"),
        ("Doanh thu của Xiaomi là 43 tỷ đồng.", VI, "43 tỷ đồng"),
        ("Xiaomi's revenue rose by 15.8 percentage points.", EN, "15.8 percentage points"),
    ],
)
def test_a_figure_of_another_value_or_unit_is_not_borne(text: str, language: Language, figure: str) -> None:
    assert [found.text for found in unsupported_figures(_sentence(text), [CITATION], language)] == [figure]
    assert not is_supported(_sentence(text), [CITATION], language)


def test_nothing_is_borne_without_a_citation() -> None:
    assert not is_supported(_sentence("Xiaomi rose."), [], EN)


@pytest.mark.parametrize(
    ("quote", "supported"), [("doanh thu 43 tỷ USD, tăng 15,8%", True), ("doanh thu 43 tỷ USD tăng", False)]
)
def test_a_quotation_is_borne_where_it_stands_word_for_word_but_for_line_ends(
    quote: str, supported: bool
) -> None:
    sentence = _sentence(f"From the article by Báo Mới (2025-11-27): “{quote}”", "quoted")
    assert is_supported(sentence, [CITATION], EN) is supported


def test_a_citation_that_says_the_same_again_is_precise_too() -> None:
    sentence = _sentence("Xiaomi's revenue was $43 billion.")
    assert recall_and_precision(sentence, [CITATION, CITATION], EN) == (1.0, [1.0, 1.0])
