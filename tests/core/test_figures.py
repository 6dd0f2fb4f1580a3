from decimal import Decimal

import pytest

from assistant.core.figures import Kind, agrees, read_figures, render_figure, spelled_figures
from assistant.core.text import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("점유율 17%", KO, (Kind.PERCENT, "17", "percent")),
        ("đạt 15,8% tổng", VI, (Kind.PERCENT, "15.8", "percent")),
        ("15.8 per cent", EN, (Kind.PERCENT, "15.8", "percent")),
        ("7조 6896억 원", KO, (Kind.MONEY, "7689600000000", "KRW")),
        ("216억 1300만 원과", KO, (Kind.MONEY, "21613000000", "KRW")),
        ("3천만 원 이하", KO, (Kind.MONEY, "30000000", "KRW")),
        ("398,1 tỷ nhân dân tệ", VI, (Kind.MONEY, "398100000000", "CNY")),
        ("1 nghìn tỷ won", VI, (Kind.MONEY, "1000000000000", "KRW")),
        ("1.234,5 triệu USD", VI, (Kind.MONEY, "1234500000", "USD")),
        ("$134 billion", EN, (Kind.MONEY, "134000000000", "USD")),
        ("119개 언어", KO, (Kind.COUNT, "119", "language")),
        ("278만 8천 GPU 시간", KO, (Kind.COUNT, "2788000", "gpu_hour")),
        ("2,788 triệu giờ GPU", VI, (Kind.COUNT, "2788000", "gpu_hour")),
        ("2350억 파라미터", KO, (Kind.PARAMETER, "235000000000", "parameter")),
        ("20년간", KO, (Kind.DURATION, "20", "year")),
    ],
)
def test_a_figure_is_read_with_its_exact_value(text: str, language: Language, expected: tuple[Kind, str, str]) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.kind, figure.value, figure.unit) == (expected[0], Decimal(expected[1]), expected[2])
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("2026년 1월 22일부터", KO, "2026-01-22"),
        ("지난 7월 23일", KO, "XXXX-07-23"),
        ("2025. 3. 24.", KO, "2025-03-24"),
        ("ngày 22 tháng 1 năm 2026", VI, "2026-01-22"),
        ("tháng 7 năm 2025", VI, "2025-07"),
        ("14/6/2025", VI, "2025-06-14"),
        ("26 November 2025", EN, "2025-11-26"),
        ("January 22, 2026", EN, "2026-01-22"),
    ],
)
def test_a_date_is_read_as_edtf(text: str, language: Language, date: str) -> None:
    assert [figure.date for figure in read_figures(text, language)] == [date]


@pytest.mark.parametrize("text", ["GPT-4", "H800", "DeepSeek V3", "o1-mini", "답이다 [1]", "큐원3을 공개", "QwQ-32B"])
def test_a_digit_in_a_name_or_a_marker_is_no_figure(text: str) -> None:
    assert read_figures(text, KO) == ()


def test_a_conversion_in_brackets_is_linked_to_the_amount_before_it() -> None:
    amount, conversion = read_figures("1조 위안(약 193조 원) 규모", KO)
    assert (amount.linked_to, conversion.linked_to) == (None, 0)


@pytest.mark.parametrize(
    ("answer", "language", "source", "right"),
    [
        ("15,8%", VI, "15.8%", True),
        ("15.7%", EN, "15.8%", False),
        ("398,1 tỷ nhân dân tệ", VI, "3981억 위안", True),
        ("398,1 tỷ won", VI, "3981억 위안", False),
        ("39,81 tỷ nhân dân tệ", VI, "3981억 위안", False),
        ("1억 위안", KO, "1조 위안", False),
        ("3%p", KO, "3%", False),
        ("22 January 2026", EN, "2026년 1월 22일", True),
        ("tháng 1 năm 2026", VI, "2026년 1월 22일", True),
        ("21 January 2026", EN, "2026년 1월 22일", False),
        ("2026년 1월 22일", KO, "2026년 1월", False),
    ],
)
def test_agreement_wants_kind_unit_and_value(answer: str, language: Language, source: str, right: bool) -> None:
    (stated,), (given, *_) = read_figures(answer, language), read_figures(source, KO)
    assert agrees(stated, given) is right


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "text", ["3981억 위안", "15.8%", "278만 8천 GPU 시간", "2350억 파라미터", "119개 언어", "2026년 1월 22일", "7조 6896억 원"]
)
def test_a_rendered_figure_reads_back_as_itself(text: str, language: Language) -> None:
    (figure,) = read_figures(text, KO)
    (back,) = read_figures(render_figure(figure, language), language)
    assert agrees(back, figure)
    assert agrees(figure, back)


def test_figures_are_written_as_the_language_writes_them() -> None:
    (figure,) = read_figures("3981억 위안", KO)
    assert [render_figure(figure, tag) for tag in (KO, VI, EN)] == ["3981억 위안", "398,1 tỷ nhân dân tệ", "398.1 billion yuan"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("과태료가 구천만 원이다", KO, ["구천만 "]),
        ("수십억 원을 썼다", KO, ["수십억"]),
        ("이 일은 만일에 대비한다", KO, []),
        ("chiếm ba mươi lăm phần trăm", VI, ["ba mươi"]),
        ("doanh thu gấp đôi", VI, ["gấp đôi"]),
        ("năm 2025 có hiệu lực", VI, []),
        ("thirty-five per cent", EN, ["thirty", "five per cent"]),
        ("it nearly doubled", EN, ["doubled"]),
        ("content of the attention", EN, []),
    ],
)
def test_a_figure_in_words_is_found_though_not_read(text: str, language: Language, found: list[str]) -> None:
    assert spelled_figures(text, language) == found
