import pytest

from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.question.understand import understand
from assistant.reading.overlap import TermOverlap

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _evidence(text: str, language: Language) -> Evidence:
    article = Article("a", "file:///a", "", text, language)
    return Evidence(article, read_span(article, 0, len(text)))


def _shares_of_figures(text: str, language: Language) -> list[float]:
    """How much of a question about Baidu stands by each of the two figures of a sentence."""
    item = _evidence(text, language)
    overlap = TermOverlap(understand("바이두?" if language is KO else "Baidu?"), [item])
    first, second = item.figures
    return [overlap.share_of_figure(item, first, [second]), overlap.share_of_figure(item, second, [first])]


@pytest.mark.parametrize(
    ("question", "whole", "none", "language"),
    [
        ("바이두의 매출은?", "바이두의 매출은 줄었다.", "날씨가 맑다.", KO),
        ("Doanh thu của Baidu?", "Doanh thu của Baidu giảm.", "Trời nắng.", VI),
        ("What was the revenue of Baidu?", "What was the revenue of Baidu fell.", "Hot weather.", EN),
    ],
)
def test_the_share_of_a_question_in_a_sentence_goes_from_nothing_to_all(
    question: str, whole: str, none: str, language: Language
) -> None:
    items = [_evidence(text, language) for text in (whole, none)]
    overlap = TermOverlap(understand(question), items)
    assert [overlap.share_of_sentence(item) for item in items] == pytest.approx([1, 0])


@pytest.mark.parametrize(
    ("text", "language"), [("바이두의 매출은 줄었다.", KO), ("Doanh thu của Baidu giảm.", VI)]
)
def test_in_another_language_names_and_attributes_are_all_that_can_be_found(
    text: str, language: Language
) -> None:
    item = _evidence(text, language)
    overlap = TermOverlap(understand("How did the revenue of Baidu look?"), [item])
    assert overlap.share_of_sentence(item) == pytest.approx(1)


def test_a_rare_term_counts_for_more_than_a_common_one() -> None:
    rare, *common = [_evidence(f"{name} rose.", EN) for name in ("Baidu", "Xiaomi", "Xiaomi and Naver")]
    overlap = TermOverlap(understand("Baidu, Xiaomi?"), [rare, *common])
    assert overlap.share_of_sentence(rare) > overlap.share_of_sentence(common[0])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("샤오미는 43조 원을 벌었고 바이두는 18조 원을 벌었다.", KO),
        ("Xiaomi đạt 43 tỷ USD trong năm, Baidu đạt 18 tỷ USD.", VI),
        ("Xiaomi made $43bn last year, Baidu made $18bn.", EN),
    ],
)
def test_a_name_belongs_to_the_figure_that_it_stands_before(text: str, language: Language) -> None:
    assert _shares_of_figures(text, language) == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("43조 원을 쓴 바이두, 18조 원을 쓴 샤오미.", KO),
        ("43 tỷ USD của Baidu, 18 tỷ USD của Xiaomi.", VI),
        ("$43bn for Baidu, $18bn for Xiaomi.", EN),
    ],
)
def test_a_name_before_a_comma_belongs_to_the_figure_on_its_side(text: str, language: Language) -> None:
    assert _shares_of_figures(text, language) == pytest.approx([1, 0])
