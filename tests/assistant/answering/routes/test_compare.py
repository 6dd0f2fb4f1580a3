import pytest

from assistant.answering.routes.compare import comparison_of, in_words
from assistant.core.figures import Kind
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.question.understand import understand
from assistant.reading.candidates import Chosen


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("바이두와 샤오미 중 매출이 더 큰 곳은?", ("바이두", "샤오미")),
        ("Baidu hay Xiaomi có doanh thu lớn hơn?", ("Baidu", "Xiaomi")),
        ("Which had the larger revenue, Baidu or Xiaomi?", ("Baidu", "Xiaomi")),
        ("Did Alibaba or Alibaba Cloud have the larger revenue?", ("Alibaba", "Alibaba Cloud")),
    ],
)
def test_a_comparison_consists_of_a_question_about_each_of_two_things(
    question: str, labels: tuple[str, str]
) -> None:
    comparison = comparison_of(understand(question))
    assert comparison is not None
    assert comparison.labels == labels
    assert [[name.text for name in part.names] for part in comparison.questions] == [
        [label] for label in labels
    ]
    assert all(part.answer_type.kinds[0] is Kind.MONEY for part in comparison.questions)
    assert {part.language for part in comparison.questions} == {understand(question).language}


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("점유율과 성장률 중 더 높은 것은?", ("점유율", "성장률")),
        ("Thị phần hay doanh thu, cái nào lớn hơn?", ("Thị phần", "doanh thu")),
        ("Which is larger, the share or the growth?", ("the share", "the growth")),
    ],
)
def test_things_without_a_name_are_compared_by_their_own_words(
    question: str, labels: tuple[str, str]
) -> None:
    comparison = comparison_of(understand(question))
    assert comparison is not None
    assert comparison.labels == labels


@pytest.mark.parametrize(
    ("question", "smaller"),
    [
        ("바이두와 샤오미 중 매출이 더 적은 곳은?", True),
        ("바이두와 샤오미 중 매출이 더 큰 곳은?", False),
        ("Baidu hay Xiaomi có doanh thu thấp hơn?", True),
        ("Which had the lower revenue, Baidu or Xiaomi?", True),
    ],
)
def test_a_comparison_asks_for_the_smaller_or_for_the_larger(question: str, smaller: bool) -> None:
    comparison = comparison_of(understand(question))
    assert comparison is not None
    assert comparison.wants_smaller is smaller


@pytest.mark.parametrize(
    "question",
    [
        "바이두의 매출은?",
        "Doanh thu của Baidu là bao nhiêu?",
        "What was the revenue of Baidu?",
        "더 큰 곳은?",
    ],
)
def test_a_question_about_one_thing_is_no_comparison(question: str) -> None:
    assert comparison_of(understand(question)) is None


@pytest.mark.parametrize(
    ("question", "said"), [("which is larger", "Baidu is larger"), ("which is smaller", "Xiaomi is smaller")]
)
def test_the_answer_names_the_one_that_is_asked_for(question: str, said: str) -> None:
    comparison = comparison_of(understand(f"Baidu or Xiaomi: {question} in revenue?"))
    assert comparison is not None
    assert comparison.labels == ("Baidu", "Xiaomi")
    article = Article("a", "file:///a", "t", "133 billion yuan. 36 billion yuan.", Language.EN)
    chosen = [
        Chosen(Evidence(article, span := read_span(article, *place)), span.figures[0], 1.0)
        for place in ((0, 17), (18, 34))
    ]
    assert said in str(in_words(comparison, chosen, Language.EN))
