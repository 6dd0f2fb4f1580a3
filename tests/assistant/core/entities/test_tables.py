import pytest

from assistant.core.entities import Entity, EntityKind, entities, find_attributes, find_names
from assistant.core.entities.tables import attributes, read_attributes, read_entities
from assistant.core.languages import Language

HEADS = "id\tkind\tko\tvi\ten\n"
TSMC = "tsmc\tcompany\tTSMC|대만반도체\tTSMC\tTSMC\n"


def test_the_tables_that_ship_are_well_formed() -> None:
    assert {entity.kind for entity in entities()} == set(EntityKind)
    assert len(attributes()) > 1


def test_a_line_is_an_entity_with_its_spellings() -> None:
    spellings = {Language.KO: ("TSMC", "대만반도체"), Language.VI: ("TSMC",), Language.EN: ("TSMC",)}
    assert read_entities(HEADS + TSMC) == (Entity("tsmc", spellings, EntityKind.COMPANY),)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("name\tko\tvi\ten\n", "the columns have to be id, kind, ko, vi, en"),
        (HEADS + "tsmc\tcompany\tTSMC\tTSMC\n", "line 2: 5 columns are needed"),
        (HEADS + "tsmc\tcompany\tTSMC\t\tTSMC\n", "line 2: 5 columns are needed, none of them empty"),
        (HEADS + TSMC.replace("tsmc", "T S", 1), "line 2: 'T S' is no id"),
        (HEADS + TSMC + TSMC, "line 3: 'tsmc' is no id, or one that is taken"),
        (
            HEADS + TSMC.replace("company", "firm"),
            "line 2: no kind is called 'firm'; there are country, place",
        ),
        (HEADS + TSMC + TSMC.replace("tsmc", "other", 1), "'TSMC' is a spelling of tsmc and of other"),
    ],
)
def test_a_malformed_table_is_refused_and_the_line_named(table: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_entities(table)


def test_a_word_may_stand_for_two_attributes() -> None:
    table = "id\tko\tvi\ten\nfine\t벌금\tphạt\tfine\nsanction\t벌금|제재\tchế tài\tsanction\n"
    assert [attribute.id for attribute in read_attributes(table)] == ["fine", "sanction"]


@pytest.mark.parametrize("word", ["TSMC", "LG", "FPT", "AMD", "IBM"])
def test_a_name_that_is_spelled_alike_everywhere_is_known(word: str) -> None:
    (name,) = find_names(f"Doanh thu của {word} là bao nhiêu?", Language.VI)
    assert name.is_known
    assert name.is_in(f"{word}의 매출은 3조 원이다")
    assert [attribute.id for attribute in find_attributes("doanh thu", Language.VI)] == ["revenue"]


def test_a_capital_stands_for_its_country_but_in_korean() -> None:
    assert [n.id for n in find_names("Seoul đã tăng ngân sách", Language.VI)] == ["south-korea"]
    assert [n.id for n in find_names("서울은 예산을 늘렸다", Language.KO)] == ["seoul"]
