from datetime import date

import pytest
from fakes import ScriptedModel

from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.reading.candidates import Chosen
from assistant.writing.sentences import MAX_SENTENCES, figure_sentence, model_sentences, quotation

TEXT = "점유율은\n17%다."
ARTICLE = Article("a", "file:///a", "제목", TEXT, Language.KO, date(2025, 11, 27), "신문")
ITEM = Evidence(ARTICLE, read_span(ARTICLE, 0, len(TEXT)))


@pytest.mark.parametrize(
    ("says", "sentences"),
    [
        ("점유율은 17.5%다. [1] 작년에는 15%였다.", ["점유율은 17.5%다. [1]", "작년에는 15%였다."]),
        (
            "Thị phần đạt 15.8%. [1][2] Theo TP. Huế, vậy.",
            ["Thị phần đạt 15.8%. [1][2]", "Theo TP. Huế, vậy."],
        ),
        ("It was $3.5bn. Was it? “Yes.” So be it.", ["It was $3.5bn.", "Was it?", "“Yes.”", "So be it."]),
        ("One\nTwo\n\nThree", ["One", "Two", "Three"]),
        ("", []),
    ],
)
def test_a_models_words_are_cut_into_sentences_with_their_markers(says: str, sentences: list[str]) -> None:
    assert list(model_sentences(ScriptedModel(says=says), [])) == sentences


@pytest.mark.parametrize("again", ["하나다. 둘이다. ", "Một đây. Hai đây. ", "One is. Two is. "])
def test_a_model_that_repeats_itself_is_cut_off(again: str) -> None:
    assert len(list(model_sentences(ScriptedModel(says=again * 3), []))) == 2


def test_a_model_that_runs_on_is_cut_off() -> None:
    says = " ".join(f"Sentence {word} ends." for word in "abcdefghij")
    assert len(list(model_sentences(ScriptedModel(says=says), []))) == MAX_SENTENCES


def test_sentences_come_as_soon_as_they_are_whole() -> None:
    sentences = model_sentences(ScriptedModel(says="One is. Two is. Three", fails=True), [])
    assert [next(sentences), next(sentences)] == ["One is.", "Two is."]


@pytest.mark.parametrize(
    ("language", "stated", "quoted"),
    [
        (
            Language.KO,
            "신문 (2025년 11월 27일) 기사에 따르면 17%입니다.",
            "신문 (2025년 11월 27일) 기사 원문: “점유율은 17%다.”",
        ),
        (
            Language.VI,
            "Theo bài báo của 신문 (ngày 27 tháng 11 năm 2025), con số được nêu là 17%.",
            "Nguyên văn trong bài báo của 신문 (ngày 27 tháng 11 năm 2025): “점유율은 17%다.”",
        ),
        (
            Language.EN,
            "According to the article by 신문 (27 November 2025), the figure is 17%.",
            "From the article by 신문 (27 November 2025): “점유율은 17%다.”",
        ),
    ],
)
def test_a_figure_and_a_quotation_are_said_with_their_source(
    language: Language, stated: str, quoted: str
) -> None:
    assert figure_sentence(Chosen(ITEM, ITEM.figures[0], 0.9), language) == stated
    assert quotation(ITEM, language) == quoted
