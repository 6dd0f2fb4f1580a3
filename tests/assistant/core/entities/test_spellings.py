import pytest

from assistant.core.entities import Entity, EntityKind
from assistant.core.entities.spellings import pattern_of, tables_of
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _entity(name: str, ko: str, vi: str, en: str) -> Entity:
    return Entity(name, {KO: (ko,), VI: (vi,), EN: (en,)}, EntityKind.COMPANY)


@pytest.mark.parametrize(
    ("spelling", "text", "found"),
    [
        ("Baidu", "baidu’s plan", "baidu’s"),
        ("Baidu", "Baidus plan", None),
        ("US", "the US plan", "US"),
        ("US", "let us plan", None),
        ("Mỹ", "của Mỹ,", "Mỹ"),
        ("Mỹ", "Mỹnh", None),
        ("서울", "서울에서는", "서울"),
        ("서울", "북서울에서", None),
        ("디지털 경제", "디지털경제는", "디지털경제"),
    ],
)
def test_a_spelling_is_a_whole_word_and_hangul_the_beginning_of_one(
    spelling: str, text: str, found: str | None
) -> None:
    match = pattern_of(spelling).search(text)
    assert (match and match.group()) == found


def test_the_longer_of_two_spellings_is_found_and_none_twice() -> None:
    table = tables_of(
        [_entity("a", "가나", "Gana", "Gana"), _entity("b", "가나전자", "Gana Chip", "Gana Chip")]
    )
    assert table[KO].find("가나전자와 가나") == [("가나전자", 0, 4), ("가나", 6, 8)]
    assert table[EN].find("Gana, Gana Chip") == [("Gana", 0, 4), ("Gana Chip", 6, 15)]


def test_a_spelling_of_two_things_stands_for_the_first() -> None:
    first = _entity("a", "가나", "Gana", "Gana")
    assert tables_of([first, _entity("b", "가나", "Gana", "Gana")])[KO].entries["가나"] == first


def test_english_spellings_are_found_in_every_language() -> None:
    table = tables_of([_entity("a", "가나", "Công ty Ga", "Gana")])
    assert all(table[language].find("Gana") == [("Gana", 0, 4)] for language in Language)
    assert table[VI].find("가나") == []


def test_vietnamese_of_several_syllables_is_found_without_its_marks() -> None:
    table = tables_of([_entity("a", "가나", "Sao Việt", "Saviet"), _entity("b", "다라", "Việt", "Darav")])[VI]
    assert [at for _, *at in table.find("sao viet")] == [[0, 8]]
    assert table.find("viet") == []
