import pytest

from assistant.core.figures import Kind
from assistant.core.languages import Language
from assistant.core.records import Turn
from assistant.question.answer_type import asks_for_no_figure, expected_answer_type
from assistant.question.understand import understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("다운로드 점유율은?", Kind.PERCENT),
        ("과징금은 얼마인가?", Kind.MONEY),
        ("언제 시행되나?", Kind.DATE),
        ("몇 개 언어를 지원하나?", Kind.COUNT),
        ("왜 공개하나?", None),
        ("Thị phần là bao nhiêu?", Kind.PERCENT),
        ("Luật có hiệu lực khi nào?", Kind.DATE),
        ("Hỗ trợ bao nhiêu ngôn ngữ?", Kind.COUNT),
        ("What share of downloads?", Kind.PERCENT),
        ("How much was the revenue?", Kind.MONEY),
        ("When does it take effect?", Kind.DATE),
        ("Why are models closed?", None),
        ("매출이 가장 큰 회사는?", None),
        ("예산을 삭감한 곳은?", None),
        ("Xiaomi moi nam bo ra bao nhieu tien?", Kind.MONEY),
        ("매출 비중 목표는?", Kind.PERCENT),
        ("What band is the most popular?", None),
    ],
)
def test_the_question_tells_the_kind_of_figure(question: str, kind: Kind | None) -> None:
    assert next(iter(understand(question).answer_type.kinds), None) is kind


@pytest.mark.parametrize("question", ["왜 그렇게 됐어?", "Tại sao lại thế?", "Why is that?"])
def test_a_reason_asks_for_no_figure_though_the_question_before_did(question: str) -> None:
    assert not understand(
        question, (Turn("user", "메타 과징금은 얼마인가?"), Turn("assistant", "216억 원"))
    ).answer_type


@pytest.mark.parametrize(
    ("question", "language", "unit"),
    [
        ("몇 명이 참가했나?", Language.KO, "person"),
        ("달러로 얼마인가?", Language.KO, "USD"),
        ("우리 돈으로 얼마인가?", Language.KO, "KRW"),
        ("Có bao nhiêu quốc gia tham gia?", Language.VI, "country"),
        ("Đổi ra tiền Hàn là bao nhiêu?", Language.VI, "KRW"),
        ("How many languages does it know?", Language.EN, "language"),
        ("How much is that in euros?", Language.EN, "EUR"),
        ("How much is that?", Language.EN, ""),
    ],
)
def test_a_question_may_name_the_unit_that_it_asks_in(question: str, language: Language, unit: str) -> None:
    assert expected_answer_type(question, language).unit == unit


@pytest.mark.parametrize(
    ("question", "language"),
    [("왜 막았나?", Language.KO), ("Tại sao lại thế?", Language.VI), ("Why is that?", Language.EN)],
)
def test_a_question_for_a_reason_asks_for_no_figure(question: str, language: Language) -> None:
    assert asks_for_no_figure(question, language)
    assert not expected_answer_type(question, language)
