import pytest

from assistant.core.languages import Language, pack
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.retrieval.evidence import near, share, with_neighbour

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _evidence(text: str, sentence: str, language: Language, body_start: int = 0) -> Evidence:
    article = Article("a", "file:///a", "제목", text, language, body_start=body_start)
    start = text.index(sentence)
    return Evidence(article, read_span(article, start, start + len(sentence)), 0.5)


@pytest.mark.parametrize(
    ("before", "sentence", "language"),
    [
        ("예산은 3조 원이다.", "이는 지난해의 두 배다.", KO),
        ("Ngân sách là 3 tỷ đồng.", "Con số này tăng gấp đôi.", VI),
        ("The budget is $3bn.", "This is twice as much.", EN),
    ],
)
def test_a_sentence_that_cannot_stand_alone_comes_with_the_one_before(
    before: str, sentence: str, language: Language
) -> None:
    found = with_neighbour(_evidence(f"Hm! {before} {sentence}", sentence, language))
    assert found.quote == f"{before} {sentence}"
    assert found.score == 0.5


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("정부는 이를 검토한다.", KO), ("Bộ cho biết điều này.", VI), ("The ministry said this.", EN)],
)
def test_a_sentence_that_stands_alone_is_left_as_it_is(sentence: str, language: Language) -> None:
    item = _evidence(f"X. {sentence}", sentence, language)
    assert with_neighbour(item) == item


def test_a_title_is_no_sentence_to_lean_on() -> None:
    item = _evidence("제목이다.\n이는 지난해의 두 배다.", "이는 지난해의 두 배다.", KO, body_start=6)
    assert with_neighbour(item) == item


@pytest.mark.parametrize(
    ("asked", "found", "part"),
    [
        (["a", "b"], ["a", "a"], 0.5),
        (["a"], ["b"], 0.0),
        (["a", "b"], ["b", "c", "a"], 1.0),
        ([], ["a"], 0.0),
    ],
)
def test_a_share_is_the_part_of_the_asked_terms_that_is_found(
    asked: list[str], found: list[str], part: float
) -> None:
    assert share(asked, found) == part


@pytest.mark.parametrize("language", list(Language))
def test_what_is_near_a_sentence_is_its_title_and_what_stands_just_before_it(language: Language) -> None:
    reach = pack(language).lengths.near
    context = near(_evidence(f"X{'.' * reach}sentence after", "sentence", language))
    assert context.startswith("제목\n")
    assert context.endswith(f"{'.' * reach}sentence")
    assert "X" not in context
