"""Inputs that were once read as something that they do not say; each row stands for a kind of input."""

import pytest

from assistant.core.figures import Figure, read_figures, render_figure
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _told(figure: Figure) -> str:
    """Value, or range, and unit; "?" where no exact value is known, "~" where it is about that."""
    ends = "..".join("" if end is None else f"{end:f}" for end in (figure.low, figure.high))
    value = figure.date or (ends if figure.value is None else f"{figure.value:f}")
    return f"{'?' if figure.vague else '~' if figure.approximate else ''}{value} {figure.unit}".strip()


ROWS: dict[str, list[tuple[Language, str, list[str]]]] = {
    "the tail of a longer number is no number": [
        (KO, "１２．５％; １．５억 원; １，２００만 원", ["12.5 percent", "150000000 KRW", "12000000 KRW"]),
        (KO, "1,２34만 명이 수출 1２３억 달러", ["12340000 person", "12300000000 USD"]),
        (VI, "tăng １２，５％ lên ３．０００ tỷ đồng", ["12.5 percent", "3000000000000 VND"]),
        (EN, "rose by １２.５％ to ￥3,000", ["12.5 percent", "3000 JPY"]),
        (
            KO,
            "9,\u200b417억 원, 5\u200b1만 명, 1,\u2060200억 원",
            ["941700000000 KRW", "510000 person", "120000000000 KRW"],
        ),
        (KO, "안전\u00ad시험소에 3,\u00ad200명", ["3200 person"]),
        (KO, "12\u00a0345명", ["12345 person"]),
        (VI, "45\u00a0000 người và 7\u202f500 tỷ đồng", ["45000 person", "7500000000000 VND"]),
        (EN, "1\u00a0234\u00a0567 users", ["1234567 user"]),
        (KO, "12 345명과 8명", ["8 person"]),
        (VI, "12 500 tỷ đồng; 1 234 567 người; 12 345,6 tấn", []),
        (EN, "about 45 000 people; in 2024 345 firms", ["2024 date", "345 company"]),
    ],
    "만 behind a larger scale is only": [
        (KO, "10억만 투자했다", ["1000000000"]),
        (KO, "1억만 더 있으면, 5조만", ["100000000", "5000000000000"]),
        (KO, "3천만만 있으면", ["30000000"]),
        (KO, "2천만 원, 300만 명, 1억 1만 명", ["20000000 KRW", "3000000 person", "100010000 person"]),
    ],
    "signs belong to the figure": [
        (KO, "▲1,200억원", ["?-120000000000..120000000000 KRW"]),
        (KO, "(-)0.5%", ["-0.5 percent"]),
        (KO, "0.5%↓ 0.3%↑", ["-0.5 percent", "0.3 percent"]),
        (KO, "△3.2% 변했다(▼1.2%p)", ["?-3.2..3.2 percent", "-1.2 percent_point"]),
        (KO, "영업이익 ▽30억원", ["-3000000000 KRW"]),
        (KO, "▲ AI 예산 3000억 원 ▲ 인력 50명", ["300000000000 KRW", "50 person"]),
        (VI, "âm 2,5%; (-)3%; VN-Index ▼12,5 điểm", ["-2.5 percent", "-3 percent", "-12.5 score"]),
        (EN, "(-)2.5%, ↓3%, 4%↑, ▼ $3bn", ["-2.5 percent", "-3 percent", "4 percent", "-3000000000 USD"]),
        (EN, "a final score of 16.5 -10.5", ["16.5", "10.5"]),
    ],
    "대 counts machines where one is named": [
        (KO, "승객은 40대였다", []),
        (
            KO,
            "20~30대 청년, 40대 여성, 70대 이상",
            ["20..39 year_of_age", "40..49 year_of_age", "70.. year_of_age"],
        ),
        (KO, "2천억대, 3조대 매출", ["?200000000000..300000000000", "?3000000000000..4000000000000"]),
        (KO, "버스 12대와 드론 30대, 서버 100대", ["12 bus", "30 drone", "100 server"]),
        (KO, "10대 기업과 5대 은행, 16대 대통령, 21대 국회", []),
        (KO, "위성 5기, 3기 신도시, 22기 졸업생", ["5 satellite"]),
        (KO, "10대 6으로 이겼다", ["1.666666666666666666666666667 ratio"]),
    ],
    "quarters, ranks and ordinals": [
        (KO, "3분기 만에 흑자 전환, 5분기 연속", ["3 quarter", "5 quarter"]),
        (KO, "3분기 매출, 1~2분기", ["XXXX-35 date", "XXXX-33 date", "XXXX-34 date"]),
        (VI, "ba quý liên tiếp; quý 3", ["3 quarter", "XXXX-35 date"]),
        (
            KO,
            "1·2위, 4·5월, 24·25일",
            ["1 rank", "2 rank", "XXXX-04 date", "XXXX-05 date", "XXXX-XX-24 date", "XXXX-XX-25 date"],
        ),
        (KO, "제3자, 제2금융권, 제22대 국회, 1심, 2심", []),
        (KO, "제47회, 4번째, 21세기, 3위", ["47 ordinal", "4 ordinal", "21 century", "3 rank"]),
        (VI, "lần thứ 5; thế kỷ 21; hạng 4; xếp thứ 9", ["5 ordinal", "21 century", "4 rank", "9 rank"]),
        (
            EN,
            "the 21st century; 2nd place; ranked fifth; the 4th meeting",
            ["21 century", "2 rank", "5 rank", "4 ordinal"],
        ),
    ],
    "floors, districts, streets, versions, telephones and time zones are no counts": [
        (KO, "지하 2층, 12단지, 3학년 2학기, 테헤란로 5길, 7번 출구, 101동 502호", []),
        (KO, "1588-1234, 02)123-4567, 010-1234-5678, 인더스트리 4.0", []),
        (VI, "(GMT+7), UTC+7, công nghiệp 4.0, đường 3/2, phố 19/5, Quận 1, phường 14, tầng 5", []),
        (VI, "số 12 phố Huế, đường Cách Mạng Tháng 8, khóa 15", []),
        (EN, "GMT+9, 125th Street, the 12th district", []),
    ],
    "another calendar is not the Gregorian one": [
        (KO, "음력 5월 5일, 단기 4358년, 레이와 7년", []),
        (KO, "음력 8월 15일(양력 10월 6일)", ["XXXX-10-06 date"]),
        (VI, "rằm tháng Giêng, 23 tháng Chạp, mùng 1 Tết, ngày 10/3 âm lịch, Phật lịch 2569", []),
        (EN, "Reiwa 7; lunar 5 May", []),
    ],
    "Chinese characters beside digits": [
        (KO, "12月 3日, 58家, 第1次 會議", ["XXXX-12-03 date", "58 place", "1 ordinal"]),
        (
            KO,
            "640億 원, 3兆 5千億원, 100万명, 7名, 3倍",
            ["64000000000 KRW", "3500000000000 KRW", "1000000 person", "7 person", "3 times"],
        ),
    ],
    "Vietnamese numbers in several words": [
        (VI, "3 nghìn 500 tỷ đồng; 1 nghìn 50 tỷ", ["3500000000000 VND", "1050000000000"]),
        (VI, "ba bốn năm nữa; ba, bốn doanh nghiệp", ["~3..4 year", "~3..4 company"]),
        (VI, "tám, chín triệu đồng; bốn năm người", ["~8000000..9000000 VND", "~4..5 person"]),
        (VI, "bốn năm qua; hai năm nữa", ["4 year", "2 year"]),
        (VI, "dăm ba doanh nghiệp, vài ba chục người, dăm bảy trường", []),
        (
            KO,
            "두세 곳, 서너 명, 대여섯 개, 한두 달",
            ["~2..3 place", "~3..4 person", "~5..6 item", "~1..2 month"],
        ),
        (EN, "two or three years", ["~2..3 year"]),
    ],
    "who exceeds another's figure states that figure": [
        (VI, "vượt mức 15,8% của Mỹ", ["15.8 percent"]),
        (VI, "vượt xa con số 40% của Hàn Quốc", ["40 percent"]),
        (VI, "vượt 60% của tổng số; vượt mức 100 tỷ đồng", ["60.. percent", "100000000000.. VND"]),
        (KO, "일본의 12%를 웃도는 15%", ["12 percent", "15 percent"]),
        (KO, "12%를 웃도는, 60퍼센트 이상", ["12.. percent", "60.. percent"]),
        (EN, "more than Japan's 12%", ["12 percent"]),
    ],
    "how much is not how often": [
        (KO, "4배, 5회, 7차례", ["4 times", "5 occurrence", "7 occurrence"]),
        (VI, "gấp 4 lần; tăng 5 lần; 3 lần", ["4 times", "5 times", "3 occurrence"]),
        (EN, "three times as many; three times", ["3 times", "3 occurrence"]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [row for rows in ROWS.values() for row in rows],
    ids=lambda value: None if isinstance(value, list) else value,
)
def test_what_is_unclear_is_vague_or_unread_and_never_wrong(
    language: Language, text: str, expected: list[str]
) -> None:
    figures = read_figures(text, language)
    assert [_told(figure) for figure in figures] == expected
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)


@pytest.mark.parametrize(
    ("language", "text", "ko", "vi", "en"),
    [
        (KO, "전력 500kWh", "500kWh", "500 kWh", "500 kWh"),
        (VI, "3.300 m2", "3300m²", "3.300 m²", "3,300 m²"),
        (EN, "300 GW", "300GW", "300 GW", "300 GW"),
        (KO, "25℃", "25°C", "25 °C", "25 °C"),
        (KO, "GPU 5만 장", "5만개 GPU", "50.000 GPU", "50,000 GPUs"),
        (KO, "2만 장", "2만장", "20.000", "20,000"),
        (KO, "로봇 63대", "63대의 로봇", "63 robot", "63 robots"),
        (KO, "병원 12곳", "12곳의 병원", "12 bệnh viện", "12 hospitals"),
        (KO, "참여 업체는 29곳", "29개 기업", "29 công ty", "29 companies"),
        (VI, "48 cảm biến", "48개의 센서", "48 cảm biến", "48 sensors"),
        (KO, "법안 5개", "5개", "5", "5"),
        (KO, "책 3권", "3권", "3", "3"),
        (KO, "5000억동", "5000억 동", "500 tỷ đồng", "500 billion dong"),
        (KO, "1.2%p", "1.2%포인트", "1,2 điểm phần trăm", "1.2 percentage points"),
        (KO, "3회", "3회", "3 lần", "3 times"),
        (KO, "3~4년", "3~4년", "từ 3 đến 4 năm", "3–4 years"),
        (KO, "40대 여성", "40~49세", "từ 40 đến 49 tuổi", "40–49 years old"),
        (KO, "21세기", "21세기", "thế kỷ 21", "21st century"),
        (KO, "4차", "4번째", "thứ 4", "4th"),
    ],
)
def test_a_unit_is_written_with_its_own_sign_or_the_counter_of_the_language(
    language: Language, text: str, ko: str, vi: str, en: str
) -> None:
    (figure,) = read_figures(text, language)
    assert [render_figure(figure, tag) for tag in (KO, VI, EN)] == [ko, vi, en]
