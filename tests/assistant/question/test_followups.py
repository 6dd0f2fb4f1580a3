import pytest

from assistant.core.languages import Language
from assistant.core.records import Turn
from assistant.question.understand import understand


def test_a_follow_up_stands_alone_by_the_question_before_it() -> None:
    history = (Turn("user", "Doanh thu của Xiaomi là bao nhiêu?"), Turn("assistant", "43 tỷ USD"))
    assert understand("Còn Baidu thì sao?", history).standalone == "Doanh thu của Baidu là bao nhiêu?"
    assert (
        understand("Thế nó là bao nhiêu tiền?", history).standalone
        == "Doanh thu của Xiaomi là bao nhiêu? Thế nó là bao nhiêu tiền?"
    )
    assert (
        understand("Luật AI của Hàn Quốc có hiệu lực khi nào?", history).standalone
        == "Luật AI của Hàn Quốc có hiệu lực khi nào?"
    )


def test_a_follow_up_moves_the_year_or_goes_on_with_the_subject() -> None:
    asked = (Turn("user", "How much is Korea's AI budget in 2026?"),)
    assert (
        understand("What was it the year before?", asked).standalone
        == "How much is Korea's AI budget in 2025?"
    )
    assert understand("And in 2024?", asked).standalone == "How much is Korea's AI budget in 2024?"
    switched = understand("Vậy cộng lại sẽ có bao nhiêu chiếc?", (Turn("user", "GPU는 몇 장 사나?"),))
    assert switched.standalone == "GPU는 몇 장 사나? Vậy cộng lại sẽ có bao nhiêu chiếc?"
    assert switched.language is Language.VI


@pytest.mark.parametrize(
    "question",
    [
        "When does Korea's AI Basic Act take effect?",
        "Why do US tech giants keep their models closed?",
        "Luật AI của Hàn Quốc này có hiệu lực khi nào trên thực tế?",
        "미국은 그 정책을 왜 바꿨나?",
    ],
)
def test_a_question_that_names_its_subject_is_no_follow_up(question: str) -> None:
    history = (Turn("user", "What download share did new Chinese AI models reach?"), Turn("assistant", "17%"))
    assert understand(question, history).standalone == question


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("작년엔 얼마였는데?", True),
        ("그중에 진짜로 가동 중인 건?", True),
        ("Thế trong số đó mấy người bị tạm giam?", True),
        ("How many of them blamed dropped connections?", True),
        ("why?", True),
        ("How many licences has the agency issued for drones this year?", False),
        ("드론 배송 시범구역에는 업체 몇 곳이 참여하나?", False),
        ("Phí thẩm định hồ sơ máy bay không người lái là bao nhiêu?", False),
    ],
)
def test_only_a_sign_makes_a_question_lean_on_the_one_before(question: str, leans: bool) -> None:
    before = "Năm 2026 ngân sách AI là bao nhiêu?"
    standalone = understand(question, (Turn("user", before), Turn("assistant", "3 tỷ đồng"))).standalone
    assert (standalone != question) is leans


def test_what_an_answer_has_stated_is_not_asked_for_again_unless_the_question_says_so() -> None:
    history = (
        Turn("user", "큐원3은 몇 개 언어를 아나?"),
        Turn("assistant", "119개 언어입니다. 원문: “2350억 파라미터다.”"),
    )
    assert [figure.text for figure in understand("그럼 파라미터는?", history).told] == ["119개 언어"]
    assert understand("정말 그래?", history).told == ()
    assert understand("딥시크는 한국에서 언제 차단됐나?", history).told == ()
