import pytest

from assistant.core.entities import find_names
from assistant.core.figures import Kind
from assistant.core.languages import Language
from assistant.core.records import Turn
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


def test_names_are_known_in_their_other_spellings() -> None:
    (name,) = find_names("Trung Quốc đã làm gì?", Language.VI)
    assert name.is_in("중국은 모델을 공개했다")
    assert not name.is_in("미국은 모델을 닫았다")
    assert [n.text for n in find_names("삼성전자의 투자액은?", Language.KO)] == ["삼성전자"]
    assert [n.text for n in find_names("How much did Palantir spend in July?", Language.EN)] == ["Palantir"]


def test_unknown_names_are_known_by_their_sound_in_the_other_script() -> None:
    (name,) = find_names("How much did Anduril spend?", Language.EN)
    assert name.is_in("안두릴은 3조 원을 썼다")
    assert not name.is_in("팔란티어는 3조 원을 썼다")
    assert name.starts("지난해 안두릴은") == [4]


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


@pytest.mark.parametrize("question", ["왜 그렇게 됐어?", "Tại sao lại thế?", "Why is that?"])
def test_a_reason_asks_for_no_figure_though_the_question_before_did(question: str) -> None:
    assert not understand(
        question, (Turn("user", "메타 과징금은 얼마인가?"), Turn("assistant", "216억 원"))
    ).answer_type


def test_decomposed_text_is_understood_as_composed() -> None:
    import unicodedata

    question = "Thị phần của Trung Quốc là bao nhiêu?"
    assert understand(unicodedata.normalize("NFD", question)) == understand(question)


def test_what_an_answer_has_stated_is_not_asked_for_again_unless_the_question_says_so() -> None:
    history = (
        Turn("user", "큐원3은 몇 개 언어를 아나?"),
        Turn("assistant", "119개 언어입니다. 원문: “2350억 파라미터다.”"),
    )
    assert [figure.text for figure in understand("그럼 파라미터는?", history).told] == ["119개 언어"]
    assert understand("정말 그래?", history).told == ()
    assert understand("딥시크는 한국에서 언제 차단됐나?", history).told == ()
