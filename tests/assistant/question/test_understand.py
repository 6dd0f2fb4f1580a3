import unicodedata

import pytest

from assistant.question.understand import understand


def test_decomposed_text_is_understood_as_composed() -> None:
    question = "Thị phần của Trung Quốc là bao nhiêu?"
    assert understand(unicodedata.normalize("NFD", question)) == understand(question)


@pytest.mark.parametrize(
    "question", ["바이두의 매출은?", "Doanh thu của Baidu là bao nhiêu?", "What was the revenue of Baidu?"]
)
def test_a_question_has_its_names_its_attributes_and_its_other_words(question: str) -> None:
    found = understand(question)
    assert [name.id for name in found.names] == ["baidu"]
    assert [attribute.id for attribute in found.attributes] == ["revenue"]
    assert not {"baidu", "바이두"} & found.focus


@pytest.mark.parametrize(
    "question", ["2024년 매출은?", "Doanh thu năm 2024 là bao nhiêu?", "What was the revenue in 2024?"]
)
def test_a_question_has_its_own_figures(question: str) -> None:
    assert [figure.date for figure in understand(question).figures] == ["2024"]
