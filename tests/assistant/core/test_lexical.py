import pytest

from assistant.core.languages import Language
from assistant.core.lexical import (
    SparseVector,
    passage_vector,
    query_terms,
    query_vector,
    shared_terms,
    term_weights,
)
from assistant.core.records import Article
from assistant.core.spans import read_span
from assistant.core.text import sentence_spans

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _passage(text: str) -> SparseVector:
    return passage_vector(text, VI, [read_span(Article("a", "", "", text, VI), 0, len(text))])


@pytest.mark.parametrize(
    ("ko", "vi", "en"),
    [
        ("17퍼센트", "17 phần trăm", "17 %"),
        ("바이두", "Baidu", "Baidu"),
        ("과징금", "tiền phạt", "fine"),
        ("3981억 위안", "398,1 tỷ nhân dân tệ", "398.1 billion yuan"),
    ],
)
def test_names_attributes_and_exact_figures_are_one_term_in_every_language(ko: str, vi: str, en: str) -> None:
    assert shared_terms(ko, KO) == shared_terms(vi, VI) == shared_terms(en, EN) != []


def test_a_figure_without_an_exact_value_is_no_shared_term() -> None:
    assert shared_terms("수십억 달러", KO) == shared_terms("over 5%", EN) == []


def test_words_meet_within_a_language_and_figures_across() -> None:
    assert query_terms("the weather", EN, EN) == ["the", "weather"]
    assert query_vector("the weather", EN, VI).indices == ()
    query, passage = query_vector("17 percent", EN, VI), _passage("tăng 17 phần trăm")
    assert len(query.indices) == 1
    assert set(query.indices) <= set(passage.indices)


def test_the_terms_of_a_question_weigh_the_same_and_stand_in_ascending_order() -> None:
    vector = query_vector("the share of the model", EN, EN)
    assert set(vector.values) == {1.0}
    assert list(vector.indices) == sorted(set(vector.indices))


def test_a_term_counts_by_the_formula_of_bm25() -> None:
    weights = term_weights("chip " + "a " * 99, EN)  # of average length, so the length changes nothing
    assert weights["chip"] == pytest.approx(1)
    assert weights["a"] == pytest.approx(99 * 2.2 / (99 + 1.2))


def test_a_term_counts_for_less_in_a_longer_passage() -> None:
    assert term_weights("chip", EN)["chip"] > term_weights("chip " + "a " * 300, EN)["chip"]


def test_a_passage_has_the_terms_of_its_text_even_if_they_were_read_sentence_by_sentence() -> None:
    text = "Baidu đầu tư 17 tỷ đồng. Doanh thu tăng 5%."
    article = Article("a", "", "", text, VI)
    spans = [read_span(article, *span) for span in sentence_spans(text)]
    assert len(spans) == 2
    whole = {term for term in term_weights(text, VI) if term != "đồng doanh"}  # of two sentences
    assert len(passage_vector(text, VI, spans).indices) == len(whole)
