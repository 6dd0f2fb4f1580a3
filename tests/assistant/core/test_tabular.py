"""Tables as they are pasted: with marks between cells, or a cell a line.

Units in heads, labels and captions.
"""

from decimal import Decimal

import pytest

from assistant.core.languages import Language
from assistant.core.tabular import row_at, rows_of

FLAT = "<표> 수출입 (단위: 백만 달러, %)\n품목\n6월\n7월\n전년 대비\n반도체\n1,240\n2,100\n-8.5\n서버\n395\n447\n71.9\n자료: 연구소"
MARKED = "| Doanh nghiệp | Vốn (tỷ đồng) | Công suất (MW) |\n|---|---|---|\n| Sao Bắc | 6.150 | 42 |\n| Biển Xanh | 3.980 | 27 |"
YEARS = "Chỉ tiêu theo năm\nNăm\nTuyển mới (người)\nKinh phí (tỷ đồng)\n2026\n6.400\n410\n2027\n7.800\n535"
LABELLED = "구분\n강남\n제주\n기본요금(원)\n4,800\n3,800\n이용(천 건)\n187\n63\n만족도\n4.3\n–"


@pytest.mark.parametrize(
    ("text", "language", "at", "expected"),
    [
        (
            FLAT,
            Language.KO,
            "447",
            [("395", "395000000", "USD"), ("447", "447000000", "USD"), ("71.9", "71.9", "percent")],
        ),
        (
            FLAT,
            Language.KO,
            "-8.5",
            [("1,240", "1240000000", "USD"), ("2,100", "2100000000", "USD"), ("-8.5", "-8.5", "percent")],
        ),
        (MARKED, Language.VI, "6.150", [("6.150", "6150000000000", "VND"), ("42", "42", "megawatt")]),
        (
            YEARS,
            Language.VI,
            "535",
            [("2027", None, "date"), ("7.800", "7800", "person"), ("535", "535000000000", "VND")],
        ),
        (LABELLED, Language.KO, "4,800", [("4,800", "4800", "KRW"), ("3,800", "3800", "KRW")]),
        (LABELLED, Language.KO, "187", [("187", "187000", "case"), ("63", "63000", "case")]),
        (LABELLED, Language.KO, "4.3", [("4.3", "4.3", "")]),
    ],
)
def test_a_row_is_read_with_the_units_of_its_table(
    text: str, language: Language, at: str, expected: list[tuple[str, str | None, str]]
) -> None:
    row = row_at(rows_of(text), text.index(at))
    assert row is not None
    figures = row.figures(language)
    assert [(f.text, f.unit) for f in figures] == [(words, unit) for words, _, unit in expected]
    assert [f.value for f in figures] == [
        None if value is None else Decimal(value) for _, value, _ in expected
    ]
    for figure in figures:
        assert text[row.start : row.end][figure.start : figure.end] == figure.text


def test_a_row_is_described_by_its_label_and_the_heads_of_its_columns() -> None:
    row = row_at(rows_of(FLAT), FLAT.index("447"))
    assert row is not None
    words, cells = row.described(Language.KO)
    assert words == "서버: 6월 395백만 달러; 7월 447백만 달러; 전년 대비 71.9%"
    assert [words[start:end] for start, end in cells] == ["서버", "395백만 달러", "447백만 달러", "71.9%"]
    assert row.clause(row.column_of(FLAT.index("447") - row.start), Language.KO) == "서버 7월 447백만 달러"


@pytest.mark.parametrize(
    "text",
    [
        "첫째 문장이다.\n둘째 문장이다.\n셋째 문장이다.",
        "- 예산 30억 원\n- 인력 12명\n- 기간 3년",
        "제목\n\n2026년 5월 7일\n12:30\n조회 31\n댓글 4",
        "A | B\n가격은 3원",
    ],
)
def test_what_is_no_table_has_no_rows(text: str) -> None:
    assert rows_of(text) == ()
