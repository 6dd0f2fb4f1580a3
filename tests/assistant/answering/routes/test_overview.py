import pytest

from assistant.answering.routes.overview import wants_overview
from assistant.question.understand import understand


@pytest.mark.parametrize(
    "question",
    [
        "딥시크 소식을 정리해 줘",
        "AI 법에서 무엇이 바뀌었나?",
        "Tổng hợp tin về Baidu",
        "Luật AI có gì mới?",
        "Give me an overview of the AI act",
        "What has changed in the AI act?",
    ],
)
def test_a_wish_for_a_summary_or_for_what_changed_asks_for_more_than_one_thing(question: str) -> None:
    assert wants_overview(understand(question))


@pytest.mark.parametrize(
    "question",
    [
        "딥시크의 이용자는 몇 명인가?",
        "Luật AI có hiệu lực khi nào?",
        "When does the AI act take effect?",
    ],
)
def test_a_question_for_one_fact_asks_for_one_thing(question: str) -> None:
    assert not wants_overview(understand(question))
