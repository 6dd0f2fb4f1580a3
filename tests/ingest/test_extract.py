from datetime import date
from pathlib import Path

import pytest

from assistant.core.errors import IngestError
from assistant.core.languages import Language
from assistant.core.records import Article
from ingest.extract import extract, read_article
from ingest.feeds import Entry
from ingest.formats import Document

HEADERS = Path(__file__).parents[2].parent / "shared" / "cases" / "articles" / "hdr"
REAL_ARTICLES = Path(__file__).parents[2].parent / "shared" / "articles"


def test_front_matter_is_believed_and_is_no_part_of_the_text() -> None:
    article = _extract(
        "---\ntitle: 제목\ndate: 2025-11-28\npublisher: 신문\nlanguage: ko\nsources: [x]\n---\n본문이다.\n"
    )
    assert (article.title, article.published, article.publisher) == ("제목", date(2025, 11, 28), "신문")
    assert (article.text, article.body_start, article.language) == ("본문이다.\n", 0, Language.KO)


def _extract(text: str) -> Article:
    return extract(Document(text, is_plain=True), "file:///a")


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("- [", "not valid YAML"),
        ("date: yesterday", "'yesterday' is not a date; write it as 2025-11-27"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused_with_the_reason(front: str, message: str) -> None:
    with pytest.raises(IngestError, match=message):
        _extract(f"---\n{front}\n---\n본문이다.")


@pytest.mark.parametrize(
    ("text", "title", "day", "publisher", "begins"),
    [
        (
            "뉴스\n\n큰 제목\n\n누군가의 블로그 2025. 5. 11. 11:07\n\n본문이다.",
            "큰 제목",
            date(2025, 5, 11),
            "누군가의 블로그",
            "본문",
        ),
        (
            " date 2025-11-27 긴 제목이다\n\n[한국신문=홍길동 기자]본문이다.",
            "긴 제목이다",
            date(2025, 11, 27),
            "한국신문",
            "[한국신문",
        ),
        (
            "Tiêu đề bài\nBáo Mới 16/06/2025 08:30\nNội dung bài báo.",
            "Tiêu đề bài",
            date(2025, 6, 16),
            "Báo Mới",
            "Nội dung",
        ),
        ("제목뿐\n본문이다.", "제목뿐", None, "", "본문"),
        ("한 줄짜리 글이다.", "한 줄짜리 글이다.", None, "", "한 줄"),
    ],
)
def test_header_lines_give_title_date_and_publisher(
    text: str, title: str, day: date | None, publisher: str, begins: str
) -> None:
    article = _extract(text)
    assert (article.title, article.published, article.publisher) == (title, day, publisher)
    assert article.text[article.body_start :].lstrip().startswith(begins)


_BODY = "인공지능 조례안이 의회를 통과했다. 찬성은 31표였다."
_BODY_VI = "Hội đồng đã thông qua quy chế thử nghiệm AI. Có 31 phiếu thuận."


@pytest.mark.parametrize(
    ("head", "title", "day", "publisher"),
    [
        (
            "강릉시, AI 관광안내소 연다\n\n동해안신문\n입력 2026.02.11. 오전 7:40   수정 2026.02.12.",
            "강릉시",
            (2026, 2, 11),
            "동해안신문",
        ),
        (
            "보도자료\n강릉시 디지털국\n배포 2026. 2. 11.(수) 09:00\n\n강릉 AI 관광안내소 네 곳 새로 문 연다",
            "강릉 AI",
            (2026, 2, 11),
            None,
        ),
        (
            "강릉 AI 관광안내소 네 곳 문 연다\n지역 > 강원\n26.02.11 09:03 ㅣ 댓글 3",
            "강릉 AI",
            (2026, 2, 11),
            "",
        ),
        (
            "[동네 편지 #12] 안내소에 로봇이 왔어요\n보낸이 동네편지 · 2026년 2월 11일 · 읽는 데 3분",
            "[동네 편지 #12]",
            (2026, 2, 11),
            None,
        ),
        (
            "강릉 AI 관광안내소 문 연다\n\n(강릉=바다통신) 한솔 기자 = 강릉시가 안내소를 연다.\n\n2026/02/11 ⓒ 바다통신",
            "강릉 AI",
            (2026, 2, 11),
            "바다통신",
        ),
        (
            "TIẾNG NÓI MIỀN ĐÔNG\nTrang chủ › Công nghệ\nThứ Tư, 11/2/2026 - 08:42\nBiên Hòa mở vùng thử nghiệm xe tự lái",
            "Biên Hòa",
            (2026, 2, 11),
            None,
        ),
        (
            "Biên Hòa mở vùng thử nghiệm xe tự lái\n\nBáo Miền Đông | 11-02-2026 - 13:26 PM | Kinh tế số",
            "Biên Hòa",
            (2026, 2, 11),
            "Báo Miền Đông",
        ),
        (
            "Biên Hòa mở vùng thử nghiệm xe tự lái\nĐăng bởi: Cô Tư · 11 tháng 2, 2026 · 8 phút đọc",
            "Biên Hòa",
            (2026, 2, 11),
            "Cô Tư",
        ),
        (
            "THÔNG CÁO BÁO CHÍ\n\nBIÊN HÒA MỞ VÙNG THỬ NGHIỆM XE TỰ LÁI\n\nBiên Hòa, ngày 11 tháng 02 năm 2026 – Mở vùng mới.",
            "BIÊN HÒA",
            (2026, 2, 11),
            "",
        ),
        (
            "Bien Hoa opens a test zone\nEastern Daily, February 11, 2026",
            "Bien Hoa",
            (2026, 2, 11),
            "Eastern Daily",
        ),
        ("Biên Hòa mở vùng thử nghiệm\nBáo Miền Đông 30/2/2026", "Biên Hòa", None, ""),
        ("강릉 AI 관광안내소\n동해안신문 2062-02-11", "강릉 AI", None, ""),
    ],
)
def test_every_way_to_write_a_header_gives_title_day_and_no_rubbish(
    head: str, title: str, day: tuple[int, int, int] | None, publisher: str | None
) -> None:
    body = _BODY if any("가" <= c <= "힣" for c in head) else _BODY_VI
    article = _extract(f"{head}\n\n{body}\n" if "ⓒ" not in head else head)
    assert article.title.startswith(title)
    assert article.published == (day and date(*day))
    assert publisher is None or article.publisher == publisher
    assert not any(c.isdecimal() for c in article.publisher)
    assert "ⓒ" in head or body.split(".")[0] in article.text[article.body_start :]


@pytest.mark.parametrize("path", sorted(HEADERS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_headers_that_failed_are_read(path: Path) -> None:
    article = read_article(path)
    other = {
        "11_us_order": date(2026, 11, 23),
        "12_vi_old_in_body": None,
        "15_invalid_day": None,
        "19_future": None,
    }
    assert article.published == other.get(path.stem, date(2026, 11, 3))
    assert not any(c.isdecimal() for c in article.title + article.publisher)
    assert article.text[article.body_start :].count(".") >= 2


def test_the_last_lines_name_the_origin() -> None:
    assert _extract("제목\n본문이다.\n\n출처 : https://example.org/a").origin == "https://example.org/a"
    assert _extract("제목\n본문이다.").origin is None


@pytest.mark.parametrize(
    "byline",
    ["TP.HCM, ngày 5/1/2026 – Việc Làm Trẻ", "Hà Nội, 5/1/2026", "서울 2026-01-05", "Seoul, January 5, 2026"],
)
def test_the_place_of_a_dateline_is_no_publisher(byline: str) -> None:
    article = _extract(f"Tiêu đề bài báo\n{byline}\n\nNội dung bài báo có câu đầu tiên. Câu thứ hai.\n")
    assert (article.published, article.publisher) == (date(2026, 1, 5), "")


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(IngestError, match="no words"):
        _extract("123 456 ---")


@pytest.mark.articles
@pytest.mark.parametrize(
    ("name", "title", "day", "publisher", "origin"),
    [
        ("000", "AI 독점 벽", date(2025, 3, 24), "보다비엣", "nguoiquansat.vn"),
        ("003", "딥시크 등 中 AI", date(2025, 11, 27), "헤럴드경제", None),
        ("004", "중국 AI: 오픈소스", date(2025, 5, 11), "myinfo3482-1", None),
    ],
)
def test_the_real_articles_header_is_found(
    name: str, title: str, day: date, publisher: str, origin: str | None
) -> None:
    (path,) = REAL_ARTICLES.glob(f"{name}_*.txt")
    article = read_article(path)
    assert article.title.startswith(title)
    assert article.published == day
    assert article.publisher.startswith(publisher)
    assert (origin or "") in (article.origin or "")
    assert bool(article.origin) == bool(origin)


@pytest.mark.parametrize(
    ("front", "title", "day", "language"),
    [
        (
            "title: AI 기본법: 하위법령 공개\ndate: 2026-11-20",
            "AI 기본법: 하위법령 공개",
            date(2026, 11, 20),
            "ko",
        ),
        ('title: "포럼"\ndate: "2026-11-20"\nlanguage: ko-KR', "포럼", date(2026, 11, 20), "ko"),
        (
            "title: Hội thảo\ndate: 2026-11-20T09:00:00+07:00\nlanguage: vi_VN",
            "Hội thảo",
            date(2026, 11, 20),
            "vi",
        ),
        ("title: Un titre\nlanguage: fr", "Un titre", None, "ko"),
    ],
)
def test_front_matter_is_taken_as_people_write_it(
    front: str, title: str, day: date | None, language: str
) -> None:
    article = _extract(f"---\n{front}\n---\n본문은 세 문장이다.\n")
    assert (article.title, article.published, article.language) == (title, day, language)


def test_a_page_says_itself_what_it_is_and_a_feed_fills_the_gaps() -> None:
    page = Document(
        "입력 2026.11.18 10:22 | 수정 2026.11.19\n예산은 3조 원이다.",
        title="예산",
        author="가람",
        updated=date(2026, 11, 19),
    )
    article = extract(
        page, "https://example.org/a", Entry("https://example.org/a", "다른 제목", date(2026, 11, 18))
    )
    assert (article.title, article.author, article.text) == ("예산", "가람", "예산은 3조 원이다.")
    assert (article.published, article.updated, article.body_start) == (
        date(2026, 11, 18),
        date(2026, 11, 19),
        0,
    )


def test_a_vietnamese_last_line_names_the_origin() -> None:
    assert _extract("Tiêu đề\nNội dung bài báo.\n\nTheo VnExpress").origin == "VnExpress"
    assert _extract("Tiêu đề\nTheo luật mới, mức phạt tăng.").origin is None
