from datetime import date

import pytest

from assistant.core.languages import Language
from assistant.core.records import Article
from assistant.core.spans import read_span

TABLE = "회사 현황\n| 회사 | 매출 (억 원) | 직원 (명) |\n|---|---|---|\n| 가나 | 10 | 20 |\n| 다라 | 30 | 5 |"


@pytest.mark.parametrize(
    ("text", "language", "sentence", "figure"),
    [
        ("예산이 늘었다. 점유율은 17%다.", Language.KO, "점유율은 17%다.", "17%"),
        ("Ngân sách tăng. Thị phần đạt 15,8%.", Language.VI, "Thị phần đạt 15,8%.", "15,8%"),
        ("The budget grew. The share is 17 percent.", Language.EN, "The share is 17 percent.", "17 percent"),
    ],
)
def test_figures_and_terms_have_their_places_within_the_span(
    text: str, language: Language, sentence: str, figure: str
) -> None:
    start = text.index(sentence)
    span = read_span(Article("a", "", "", text, language), start, len(text))
    assert [(f.text, sentence[f.start : f.end]) for f in span.figures] == [(figure, figure)]
    assert span.terms
    assert all(0 <= at < len(sentence) for _, at in span.terms)
    assert (span.row, span.header) == (None, "")


@pytest.mark.parametrize(
    ("text", "language"),
    [("지난해 매출", Language.KO), ("năm ngoái", Language.VI), ("last year", Language.EN)],
)
def test_a_relative_day_is_read_by_the_day_of_publication(text: str, language: Language) -> None:
    span = read_span(Article("a", "", "", text, language, date(2026, 1, 22)), 0, len(text))
    assert [figure.date for figure in span.figures] == ["2025"]


def test_a_row_of_a_table_is_read_with_the_heads_of_its_columns() -> None:
    start, end = TABLE.index("다라"), TABLE.rindex("5") + 1
    span = read_span(Article("a", "", "", TABLE, Language.KO), start, end)
    assert span.row is not None
    assert [(f.text, str(f.value), f.unit) for f in span.figures] == [
        ("30", "3000000000", "KRW"),
        ("5", "5", "person"),
    ]
    assert all(head in span.header for head in ("회사", "매출", "직원"))
