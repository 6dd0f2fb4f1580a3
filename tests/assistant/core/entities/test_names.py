import pytest

from assistant.core.entities import find_attributes, find_names, mentions
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


def test_names_are_known_in_their_other_spellings() -> None:
    (name,) = find_names("Trung Quốc đã làm gì?", VI)
    assert name.is_in("중국은 모델을 공개했다")
    assert not name.is_in("미국은 모델을 닫았다")
    assert [n.text for n in find_names("삼성전자의 투자액은?", KO)] == ["삼성전자"]
    assert [n.text for n in find_names("How much did Palantir spend in July?", EN)] == ["Palantir"]


def test_unknown_names_are_known_by_their_sound_in_the_other_script() -> None:
    (name,) = find_names("How much did Anduril spend?", EN)
    assert name.is_in("안두릴은 3조 원을 썼다")
    assert not name.is_in("팔란티어는 3조 원을 썼다")
    assert name.starts("지난해 안두릴은") == [4]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("샤오미와 바이두의 매출은?", KO),
        ("Doanh thu của Xiaomi và Baidu?", VI),
        ("What did Xiaomi and Baidu spend?", EN),
    ],
)
def test_names_come_in_the_order_of_the_text(text: str, language: Language) -> None:
    assert [name.id for name in find_names(text, language)] == ["xiaomi", "baidu"]


def test_the_longest_name_is_taken_and_is_also_in_a_text_that_has_its_parts() -> None:
    (name,) = find_names("When does the EU AI Act apply?", EN)
    assert (name.id, {part.id for part in name.parts}) == ("eu-ai-act", {"european-union", "ai-act"})
    assert name.is_in("유럽연합은 인공지능법을 시행한다")
    assert not name.is_in("유럽연합은 예산을 늘렸다")


def test_a_general_word_with_a_capital_is_no_name() -> None:
    assert find_names("What did the Ministry and the Committee decide in July?", EN) == ()


def test_a_name_is_met_in_any_case_and_an_acronym_only_in_capitals() -> None:
    (company,) = find_names("Baidu", EN)
    (country,) = find_names("the US budget", EN)
    assert company.is_in("BAIDU rose")
    assert country.is_in("the US rose")
    assert not country.is_in("let us rise")


def test_what_is_not_listed_is_only_what_looks_like_a_name() -> None:
    known, unknown = find_names("Did Baidu buy Foobarium?", EN)
    assert (known.is_known, known.is_country) == (True, False)
    assert (unknown.is_known, unknown.id, unknown.spellings) == (False, "Foobarium", ("Foobarium",))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("매출과 과징금, 다시 매출액", KO),
        ("doanh thu, tiền phạt và doanh số", VI),
        ("the revenue, the fine and the sales", EN),
    ],
)
def test_an_attribute_is_found_once_however_often_it_is_said(text: str, language: Language) -> None:
    assert [name.id for name in find_attributes(text, language)] == ["revenue", "fine"]


def test_mentions_say_where_each_entity_stands() -> None:
    text = "바이두는 네이버를, 네이버는 바이두를"
    assert [(at, name.id) for at, name in mentions(text, KO)] == [
        (0, "baidu"),
        (5, "naver"),
        (11, "naver"),
        (16, "baidu"),
    ]
