"""Each row of what has to be read, in each language."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.core.figures import COUNTERS, Kind, read_figures
from assistant.core.figures.amounts import currency_signs
from assistant.core.figures.grammar import grammar
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN

VALUES = [
    # written as agencies write it
    ("3천500억달러", KO, "money", "350000000000", "USD"),
    ("12조1천661억원", KO, "money", "12166100000000", "KRW"),
    ("1천347억9천100만원", KO, "money", "134791000000", "KRW"),
    ("GPU 5만장", KO, "count", "50000", "gpu"),
    ("파라미터 수는 6710억개", KO, "parameter", "671000000000", "parameter"),
    ("7B 모델", KO, "parameter", "7000000000", "parameter"),
    ("20년간 반도체", KO, "duration", "20", "year"),
    ("국고채 3년물", KO, "duration", "3", "year"),
    ("thấp hơn 5%", VI, "percent", "5", "percent"),
    ("25 điểm cơ bản", VI, "count", "25", "basis_point"),
    ("2 vạn người", VI, "count", "20000", "person"),
    ("15/10.000 dân", VI, "ratio", "0.0015", "ratio"),
    ("1.5m people", EN, "count", "1500000", "person"),
    ("over five years", EN, "duration", "5", "year"),
    ("plus or minus 3.1 percentage points", EN, "percent_point", "3.1", "percent_point"),
    # percent
    ("점유율 17%", KO, "percent", "17", "percent"),
    ("17 퍼센트", KO, "percent", "17", "percent"),
    ("１７％", KO, "percent", "17", "percent"),
    ("이십오 퍼센트", KO, "percent", "25", "percent"),
    ("đạt 15,8% tổng", VI, "percent", "15.8", "percent"),
    ("15.8 phần trăm", VI, "percent", "15.8", "percent"),
    ("ba mươi lăm phần trăm", VI, "percent", "35", "percent"),
    ("15.8 per cent", EN, "percent", "15.8", "percent"),
    ("thirty-five percent", EN, "percent", "35", "percent"),
    ("3%p", KO, "percent_point", "3", "percent_point"),
    ("3%포인트", KO, "percent_point", "3", "percent_point"),
    ("3 điểm phần trăm", VI, "percent_point", "3", "percent_point"),
    ("3 percentage points", EN, "percent_point", "3", "percent_point"),
    # money
    ("1조 위안", KO, "money", "1000000000000", "CNY"),
    ("3981억 위안", KO, "money", "398100000000", "CNY"),
    ("7조 6896억 원", KO, "money", "7689600000000", "KRW"),
    ("216억 1300만 원과", KO, "money", "21613000000", "KRW"),
    ("3만 5000원", KO, "money", "35000", "KRW"),
    ("구천만 원", KO, "money", "90000000", "KRW"),
    ("3600억 달러", KO, "money", "360000000000", "USD"),
    ("₩3,400억", KO, "money", "340000000000", "KRW"),
    ("398,1 tỷ nhân dân tệ", VI, "money", "398100000000", "CNY"),
    ("1 nghìn tỷ NDT", VI, "money", "1000000000000", "CNY"),
    ("134 tỷ USD", VI, "money", "134000000000", "USD"),
    ("1,2 triệu đồng", VI, "money", "1200000", "VND"),
    ("50.000đ", VI, "money", "50000", "VND"),
    ("26,750 đô la", VI, "money", "26750", "USD"),
    ("1.234,5 triệu USD", VI, "money", "1234500000", "USD"),
    ("1tr5 đồng", VI, "money", "1500000", "VND"),
    ("hai tỷ rưỡi đồng", VI, "money", "2500000000", "VND"),
    ("$134bn", EN, "money", "134000000000", "USD"),
    ("US$430 million", EN, "money", "430000000", "USD"),
    ("CNY 60bn", EN, "money", "60000000000", "CNY"),
    ("RMB 5 billion", EN, "money", "5000000000", "CNY"),
    ("€5m", EN, "money", "5000000", "EUR"),
    # counts
    ("10의 25제곱 플롭스", KO, "count", "1" + 25 * "0", "flop"),
    ("3×10²⁴ FLOPs", KO, "count", "3" + 24 * "0", "flop"),
    ("1,5 × 10^25 FLOP", VI, "count", "15" + 24 * "0", "flop"),
    ("10 mũ 26 phép tính dấu phẩy động", VI, "count", "1" + 26 * "0", "flop"),
    ("10 to the power of 25", EN, "count", "1" + 25 * "0", ""),
    ("2,345 × 10^18", VI, "count", "2345" + 15 * "0", ""),
    ("10^{25} FLOPs", EN, "count", "1" + 25 * "0", "flop"),
    ("một khoản 5 triệu USD", VI, "money", "5000000", "USD"),
    ("1e26 FLOPs", EN, "count", "1" + 26 * "0", "flop"),
    ("119개 언어", KO, "count", "119", "language"),
    ("2048개 GPU", KO, "count", "2048", "gpu"),
    ("278만 8천 GPU 시간", KO, "count", "2788000", "gpu_hour"),
    ("7천 5백만 명", KO, "count", "75000000", "person"),
    ("22 억 5 천만", KO, "count", "2250000000", ""),
    ("이천칠백사십오억", KO, "count", "274500000000", ""),
    ("열다섯", KO, "count", "15", ""),
    ("두 나라", KO, "count", "2", "country"),
    ("với tổng điểm 25,5.", VI, "count", "25.5", ""),
    ("119 ngôn ngữ", VI, "count", "119", "language"),
    ("2,788 triệu giờ GPU", VI, "count", "2788000", "gpu_hour"),
    ("hai mươi lăm triệu", VI, "count", "25000000", ""),
    ("một triệu hai người", VI, "count", "1200000", "person"),
    ("hai trăm linh bảy người", VI, "count", "207", "person"),
    ("119 languages", EN, "count", "119", "language"),
    ("2,048 Nvidia H800 GPUs", EN, "count", "2048", "gpu"),
    ("2.788 million GPU hours", EN, "count", "2788000", "gpu_hour"),
    ("a dozen companies", EN, "count", "12", "company"),
    ("half a million people", EN, "count", "500000", "person"),
    # parameters, tokens, bytes
    ("2350억 파라미터", KO, "parameter", "235000000000", "parameter"),
    ("671B", KO, "parameter", "671000000000", "parameter"),
    ("7 tỷ tham số", VI, "parameter", "7000000000", "parameter"),
    ("671B parameters", EN, "parameter", "671000000000", "parameter"),
    ("128K 토큰", KO, "token", "128000", "token"),
    ("500 GB", EN, "byte", "500000000000", "byte"),
    # durations and frequencies
    ("20년간", KO, "duration", "20", "year"),
    ("6개월", KO, "duration", "6", "month"),
    ("2년 반", KO, "duration", "2.5", "year"),
    ("hai năm", VI, "duration", "2", "year"),
    ("một năm rưỡi", VI, "duration", "1.5", "year"),
    ("3 weeks", EN, "duration", "3", "week"),
    ("매주", KO, "frequency", "1", "week"),
    ("격주", KO, "frequency", "2", "week"),
    ("6개월마다", KO, "frequency", "6", "month"),
    ("hai tuần một lần", VI, "frequency", "2", "week"),
    ("mỗi tuần", VI, "frequency", "1", "week"),
    ("every two weeks", EN, "frequency", "2", "week"),
    # scores, multiples, ranks, ratios
    ("81.90점", KO, "score", "81.90", "score"),
    ("10배", KO, "times", "10", "times"),
    ("gấp 10 lần", VI, "times", "10", "times"),
    ("gấp đôi", VI, "times", "2", "times"),
    ("tenfold", EN, "times", "10", "times"),
    ("1위", KO, "rank", "1", "rank"),
    ("스물두 번째", KO, "rank", "22", "ordinal"),
    ("thứ nhất", VI, "rank", "1", "ordinal"),
    ("thế kỷ XXI", VI, "rank", "21", "century"),
    ("twenty-first", EN, "rank", "21", "ordinal"),
    ("3대 1", KO, "ratio", "3", "ratio"),
    ("4분의 1", KO, "ratio", "0.25", "ratio"),
    ("절반", KO, "ratio", "0.5", "ratio"),
    ("vị trí số 1", VI, "rank", "1", "rank"),
    ("ba phần tư", VI, "ratio", "0.75", "ratio"),
    ("three-quarters", EN, "ratio", "0.75", "ratio"),
]


@pytest.mark.parametrize(("text", "language", "kind", "value", "unit"), VALUES)
def test_a_figure_is_read_with_its_exact_value(
    text: str, language: Language, kind: str, value: str, unit: str
) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.kind, figure.value, figure.unit) == (Kind(kind), Decimal(value), unit)
    assert text[figure.start : figure.end] == figure.text
    assert (figure.approximate, figure.vague) == (False, False)


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("6억~2350억 파라미터", KO, "6e8", "235e9"),
        ("0.6B–235B parameters", EN, "6e8", "235e9"),
        ("5~10만 명", KO, "50000", "100000"),
        ("2000~2030명", KO, "2000", "2030"),
        ("1800~2100에이커", KO, "1800", "2100"),
        ("1,800–1,802 acres", EN, "1800", "1802"),
        ("절반 이상", KO, "0.5", None),
        ("26.118 - 26.388 đồng", VI, "26118", "26388"),
        ("gấp 2-3 lần", VI, "2", "3"),
        ("Hơn 3/4 lãnh đạo", VI, "0.75", None),
        ("$2-3 billion", EN, "2e9", "3e9"),
        ("10%에서 20%까지", KO, "10", "20"),
        ("từ 10 đến 20%", VI, "10", "20"),
        ("between 10 and 20 percent", EN, "10", "20"),
        ("600명 이상", KO, "600", None),
        ("90건이 넘는", KO, "90", None),
        ("hơn 600 người", VI, "600", None),
        ("600 người trở lên", VI, "600", None),
        ("over 600 people", EN, "600", None),
        ("3천만 원 이하", KO, None, "3e7"),
        ("tối đa 5%", VI, None, "5"),
        ("tối đa là 3 tỷ đồng", VI, None, "3e9"),
        ("up to 5%", EN, None, "5"),
        ("no more than 7%", EN, None, "7"),
        ("not exceeding 7%", EN, None, "7"),
        ("more than 7%", EN, "7", None),
        ("không vượt quá 5%", VI, None, "5"),
        ("không ít hơn 10 người", VI, "10", None),
        ("3억 원을 초과하는 경우", KO, "3e8", None),
        ("매출액의 3%를 초과하지 않는 범위", KO, None, "3"),
        ("100명을 웃도는 인원", KO, "100", None),
    ],
)
def test_a_range_has_its_ends_and_no_value(
    text: str, language: Language, low: str | None, high: str | None
) -> None:
    (figure,) = read_figures(text, language)
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    assert [figure.value, figure.low, figure.high] == [None, *ends]


@pytest.mark.parametrize(
    ("text", "language", "low"),
    [
        ("수십억 달러", KO, "1e9"),
        ("수백만 명", KO, "1e6"),
        ("hàng chục tỷ đồng", VI, "1e10"),
        ("vài triệu người", VI, "1e6"),
        ("tens of billions of dollars", EN, "1e10"),
        ("several thousand people", EN, "1e3"),
    ],
)
def test_an_order_of_magnitude_is_vague(text: str, language: Language, low: str) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.vague, figure.value, figure.low, figure.high) == (
        True,
        None,
        Decimal(low),
        10 * Decimal(low),
    )
    assert figure.text == text


@pytest.mark.parametrize(
    ("text", "language", "value", "low", "high"),
    [
        ("약 193조 원", KO, "193e12", None, None),
        ("1조8천3백억여원", KO, "1.83e12", "1.83e12", None),
        ("200명가량", KO, "200", None, None),
        ("거의 600명", KO, "600", None, "600"),
        ("khoảng 600 người", VI, "600", None, None),
        ("gần 600 người", VI, "600", None, "600"),
        ("about 600 people", EN, "600", None, None),
        ("nearly 600 people", EN, "600", None, "600"),
    ],
)
def test_an_approximate_value_is_marked(
    text: str, language: Language, value: str, low: str | None, high: str | None
) -> None:
    (figure,) = read_figures(text, language)
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    assert (figure.approximate, figure.value, figure.low, figure.high) == (True, Decimal(value), *ends)
    assert figure.text == text


def test_a_comma_that_may_be_either_is_not_guessed() -> None:
    (figure,) = read_figures("2,345 tỷ USD", VI)
    assert (figure.vague, figure.value, figure.low, figure.high) == (
        True,
        None,
        Decimal("2.345e9"),
        Decimal("2345e9"),
    )
    decided = read_figures("tăng 7.5% lên 2,345 tỷ USD", VI)[1]
    assert decided.value == Decimal("2345e9")


@pytest.mark.parametrize(
    ("text", "language", "dates"),
    [
        ("2025. 3. 24.", KO, ["2025-03-24"]),
        ("2025/03/23", KO, ["2025-03-23"]),
        ("2026년 1월 22일부터", KO, ["2026-01-22"]),
        ("지난 7월 23일", KO, ["XXXX-07-23"]),
        ("26일(현지시간)", KO, ["XXXX-XX-26"]),
        ("7월 5~9일", KO, ["XXXX-07-05", "XXXX-07-09"]),
        ("1990년대", KO, ["199X"]),
        ("2025년 1분기", KO, ["2025-33"]),
        ("1~3분기", KO, ["XXXX-33", "XXXX-35"]),
        ("2026년 상반기", KO, ["2026-40"]),
        ("25년 3월", KO, ["2025-03"]),
        ("đến hết 31-12", VI, ["XXXX-12-31"]),
        ("dịp 2/9", VI, ["XXXX-09-02"]),
        ("Năm 2024-2025", VI, ["2024", "2025"]),
        ("Q3 2025", EN, ["2025-35"]),
        ("first half of 2025", EN, ["2025-40"]),
        ("이천이십삼년 구월 삼십일", KO, ["2023-09-30"]),
        ("유월부터 시월까지", KO, ["XXXX-06", "XXXX-10"]),
        ("삼월십오일", KO, ["XXXX-03-15"]),
        ("쓰지 못해 이월한 금액", KO, []),
        ("ngày 30 tháng 4", VI, ["XXXX-04-30"]),
        ("tháng 7 năm 2025", VI, ["2025-07"]),
        ("14/6/2025", VI, ["2025-06-14"]),
        ("ngày 26/11", VI, ["XXXX-11-26"]),
        ("tháng năm năm hai nghìn hai mươi hai", VI, ["2022-05"]),
        ("Nghị định 13 năm 2023", VI, ["2023"]),
        ("quý I/2025", VI, ["2025-33"]),
        ("26 November 2025", EN, ["2025-11-26"]),
        ("January 22, 2026", EN, ["2026-01-22"]),
        ("in April", EN, ["XXXX-04"]),
        ("2018-2020", EN, ["2018", "2020"]),
        ("2018~2020년", KO, ["2018", "2020"]),
        ("2025~2026 GPU 장만 계획", KO, ["2025", "2026"]),
        ("2024–2025 models", EN, ["2024", "2025"]),
        ("giai đoạn 2021-2030 người dùng tăng", VI, ["2021", "2030"]),
        ("오후 3시 30분", KO, ["T15:30"]),
        ("lúc 8h30", VI, ["T08:30"]),
        ("14 giờ 30 ngày 5/3", VI, ["T14:30", "XXXX-03-05"]),
        ("9 giờ kém 15, ngày 5/3", VI, ["T08:45", "XXXX-03-05"]),
        ("5.30 p.m.", EN, ["T17:30"]),
    ],
)
def test_a_date_is_read_as_edtf(text: str, language: Language, dates: list[str]) -> None:
    assert [figure.date for figure in read_figures(text, language)] == dates


def test_a_relative_date_is_read_only_with_the_date_of_the_article() -> None:
    assert read_figures("지난해 매출", KO) == ()
    assert [f.date for f in read_figures("지난해 12월 26일", KO, date(2025, 1, 22))] == ["2024-12-26"]
    assert [f.date for f in read_figures("tháng trước", VI, date(2025, 1, 22))] == ["2024-12"]
    assert [f.date for f in read_figures("last year", EN, date(2025, 1, 22))] == ["2024"]


@pytest.mark.parametrize(
    ("text", "language", "edtf"),
    [
        ("tháng 3 năm ngoái", VI, "2024-03"),
        ("quý II năm nay", VI, "2025-34"),
        ("6 tháng đầu năm ngoái", VI, "2024-40"),
        ("the second quarter of last year", EN, "2024-34"),
        ("the first six months of this year", EN, "2025-40"),
        ("in March last year", EN, "2024-03"),
        ("지난해 2분기", KO, "2024-34"),
        ("2023년 한 해 1327만 건", KO, "2023"),
        ("지난 한 해 동안", KO, "2024"),
    ],
)
def test_a_part_of_a_year_and_the_words_for_the_year_are_one_date(
    text: str, language: Language, edtf: str
) -> None:
    found = read_figures(text, language, date(2025, 1, 22))
    assert [figure.date for figure in found if figure.kind is Kind.DATE] == [edtf]
    assert all(figure.kind is not Kind.DURATION for figure in found)


@pytest.mark.parametrize(
    ("text", "language", "dates"),
    [
        ("Quý II/2025 thu 5 tỷ, cùng kỳ năm ngoái 4 tỷ", VI, ["2025-34", "2024-34"]),
        ("올해 3분기 매출은 지난해 같은 기간(228억원)의 1.5배", KO, ["2025-35", "2024-35"]),
        ("2분기 매출은 전년 동기 대비 15% 늘었다", KO, ["XXXX-34", "2024-34"]),
        ("in the first half of 2025, from 540 in the same period last year", EN, ["2025-40", "2024-40"]),
        ("전년 동기 대비 15% 늘었다", KO, ["2024"]),
        ("năm 2023 là 5 tỷ, cùng kỳ năm ngoái", VI, ["2023", "2024"]),
    ],
)
def test_the_same_period_of_another_year_is_the_period_named_before(
    text: str, language: Language, dates: list[str]
) -> None:
    assert [f.date for f in read_figures(text, language, date(2025, 11, 22)) if f.date] == dates


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2,700 chip and software engineers", ""),
        ("12 data centre operators", ""),
        ("three university students", ""),
        ("2,700 chips", "chip"),
        ("a 12-person team", "person"),
        ("3 chip", "chip"),
    ],
)
def test_an_english_noun_in_the_singular_qualifies_what_is_counted(text: str, unit: str) -> None:
    assert [figure.unit for figure in read_figures(text, EN)] == [unit]


def test_an_english_ordinal_before_a_number_belongs_to_what_is_counted() -> None:
    assert [f.kind for f in read_figures("the first nine months", EN)] == [Kind.DURATION]
    assert [f.kind for f in read_figures("the first article", EN)] == [Kind.RANK]
    assert [f.kind for f in read_figures("It came first.", EN)] == [Kind.RANK]
    assert read_figures("They want people sent first, ahead of the servers.", EN) == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "GPT-4",
            "GPT-4.5",
            "H800",
            "DeepSeek R1",
            "DeepSeek V3",
            "o1-mini",
            "큐원3을 공개",
            "올모 3",
            "QwQ-32B",
            "COVID-19",
        ),
        *(
            "어센드910C",
            "Ascend 910C",
            "어니 4.5 터보",
            "답이다 [1]",
            "[1, 2]",
            "010-1234-5678",
            "5G",
            "192.168.0.1",
        ),
        *("https://example.org/2025/03", "1.2.3"),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_a_name_a_version_or_a_marker_is_no_figure(text: str, language: Language) -> None:
    assert read_figures(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(
            ("제3조 제2항", KO),
            ("이 일은 만일에 대비한다", KO),
            ("사원과 이동", KO),
            ("세대 교체", KO),
            ("6·3 지방선거", KO),
            ("2030세대", KO),
            ("형법 347조", KO),
            ("아이폰 17 프로", KO),
            ("백인 사회", KO),
            ("1인당 소득", KO),
            ("우편번호 06236", KO),
            ("아파치 2.0 라이선스", KO),
        ),
        *(
            ("Ba Lan và Hai Bà Trưng", VI),
            ("vào thứ hai", VI),
            ("trong năm qua", VI),
            ("một công ty", VI),
            ("ngày một tăng", VI),
        ),
        *(
            ("Nghị quyết 57-NQ/TW", VI),
            ("Luật 134/2025/QH15", VI),
            ("Điều 5", VI),
            ("Khoản 2 Điều 15", VI),
            ("Quốc lộ 1A", VI),
            ("24/7", VI),
        ),
        *(
            ("một bảng tóm tắt", VI),
            ("one of them", EN),
            ("Section 3(2)", EN),
            ("I may go", EN),
            ("under a second", EN),
            ("in their 20s", EN),
            ("content of the attention", EN),
        ),
    ],
)
def test_words_that_only_look_like_numbers_are_left_alone(text: str, language: Language) -> None:
    assert read_figures(text, language) == ()


def test_amounts_in_another_languages_notation_are_read() -> None:
    figures = read_figures("15,8% và 1조 위안, 17%", VI)
    assert [(f.kind, f.value) for f in figures] == [
        (Kind.PERCENT, Decimal("15.8")),
        (Kind.MONEY, Decimal("1e12")),
        (Kind.PERCENT, Decimal(17)),
    ]


def test_a_conversion_is_linked_to_the_amount_before_it() -> None:
    texts = {
        KO: "1조 위안(한화 약 193조 원) 규모",
        VI: "1 tỷ USD (khoảng 25 nghìn tỷ đồng)",
        EN: "$1bn (CNY 7bn)",
    }
    for language, text in texts.items():
        amount, conversion = read_figures(text, language)
        assert (amount.linked_to, conversion.linked_to) == (None, 0)
    assert [f.linked_to for f in read_figures("1조 위안, 193조 원", KO)] == [None, None]


def test_every_language_has_a_word_for_every_unit() -> None:
    written = [set(grammar(language).written) for language in Language]
    by_rule = {"rank", "ordinal", "century", "occurrence"}
    assert {unit for _, unit in set.union(*written) - set.intersection(*written)} <= by_rule | COUNTERS
    assert {unit for _, unit in set(grammar(KO).written)} >= COUNTERS


@pytest.mark.parametrize("code", sorted({c for sign, c in currency_signs().items() if sign == c.lower()}))
@pytest.mark.parametrize("language", list(Language))
def test_the_code_of_a_currency_is_read_on_either_side_of_the_number(code: str, language: Language) -> None:
    for text in (f"{code} 57", f"57 {code}"):
        assert [(f.kind, f.unit, f.value) for f in read_figures(text, language)] == [(Kind.MONEY, code, 57)]
