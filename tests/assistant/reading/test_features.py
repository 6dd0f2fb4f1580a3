import pytest

from assistant.core.languages import Language, pack
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.reading.features import clause_of

KO, VI, EN = Language.KO, Language.VI, Language.EN
TABLE = "회사 현황\n| 회사 | 매출 (억 원) | 직원 (명) |\n|---|---|---|\n| 가나 | 10 | 20 |\n| 다라 | 30 | 5 |"


def _evidence(text: str, language: Language, start: int = 0, end: int | None = None) -> Evidence:
    article = Article("a", "file:///a", "", text, language)
    return Evidence(article, read_span(article, start, len(text) if end is None else end))


@pytest.mark.parametrize(
    ("text", "language", "clauses"),
    [
        ("매출은 3조 원, 이익은 2조 원이다.", KO, ["매출은 3조 원, 이익은", ", 이익은 2조 원이다."]),
        (
            "Doanh thu 3 tỷ USD, lãi 2 tỷ USD.",
            VI,
            ["Doanh thu 3 tỷ USD, lãi", ", lãi 2 tỷ USD."],
        ),
        ("Sales were $3bn, profit $2bn.", EN, ["Sales were $3bn, profit", ", profit $2bn."]),
    ],
)
def test_the_clause_of_a_figure_reaches_up_to_the_figures_beside_it(
    text: str, language: Language, clauses: list[str]
) -> None:
    item = _evidence(text, language)
    assert [clause_of(item, figure) for figure in item.figures] == clauses


@pytest.mark.parametrize("language", list(Language))
def test_a_clause_is_no_longer_than_usual_and_a_part_of_it_shorter(language: Language) -> None:
    item = _evidence(f"{'a' * 500} 17% {'b' * 500}", language)
    (figure,) = item.figures
    lengths = pack(language).lengths
    whole = clause_of(item, figure)
    assert "17%" in whole
    assert len(whole) == lengths.clause_before + len(figure.text) + lengths.clause_after
    third = clause_of(item, figure, part=3)
    assert third in whole
    assert len(third) == lengths.clause_before // 3 + len(figure.text) + lengths.clause_after // 3


def test_in_a_row_of_a_table_a_figure_has_its_label_and_its_columns_head() -> None:
    item = _evidence(TABLE, KO, TABLE.index("다라"), TABLE.rindex("5") + 1)
    sales, staff = item.figures
    assert [word in clause_of(item, sales) for word in ("다라", "매출", "30", "직원")] == [
        True,
        True,
        True,
        False,
    ]
    assert [word in clause_of(item, staff) for word in ("다라", "직원", "5", "매출")] == [
        True,
        True,
        True,
        False,
    ]
