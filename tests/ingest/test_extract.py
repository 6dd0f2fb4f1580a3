from datetime import date
from pathlib import Path

import pytest

from assistant.core.errors import IngestError
from assistant.core.text import Language
from ingest.extract import extract
from ingest.sources import decode, read_bytes

REAL_ARTICLES = Path(__file__).parents[2].parent / "shared" / "articles"


def test_front_matter_is_believed_and_is_no_part_of_the_text() -> None:
    article = extract(
        "---\ntitle: 제목\ndate: 2025-11-28\npublisher: 신문\nlanguage: ko\nsources: [x]\n---\n본문이다.\n", "file:///a"
    )
    assert (article.title, article.published, article.publisher) == ("제목", date(2025, 11, 28), "신문")
    assert (article.text, article.body_start, article.language) == ("본문이다.\n", 0, Language.KO)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: [", "not valid YAML"),
        ("date: yesterday", "'yesterday' is no date; write it as 2025-11-27"),
        ("language: fr", "'fr' is none of ko, vi, en"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused_with_the_reason(front: str, message: str) -> None:
    with pytest.raises(IngestError, match=message):
        extract(f"---\n{front}\n---\n본문이다.", "file:///a")


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
        ("Tiêu đề bài\nBáo Mới 16/06/2025 08:30\nNội dung bài báo.", "Tiêu đề bài", date(2025, 6, 16), "Báo Mới", "Nội dung"),
        ("제목뿐\n본문이다.", "제목뿐", None, "", "본문"),
        ("한 줄짜리 글이다.", "한 줄짜리 글이다.", None, "", "한 줄"),
    ],
)
def test_header_lines_give_title_date_and_publisher(text: str, title: str, day: date | None, publisher: str, begins: str) -> None:
    article = extract(text, "file:///a")
    assert (article.title, article.published, article.publisher) == (title, day, publisher)
    assert article.text[article.body_start :].lstrip().startswith(begins)


def test_the_last_lines_name_the_origin() -> None:
    assert extract("제목\n본문이다.\n\n출처 : https://example.org/a", "file:///a").origin == "https://example.org/a"
    assert extract("제목\n본문이다.", "file:///a").origin is None


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(IngestError, match="no words"):
        extract("123 456 ---", "file:///a")


@pytest.mark.articles
@pytest.mark.parametrize(
    ("name", "title", "day", "publisher", "origin"),
    [
        ("000", "AI 독점 벽", date(2025, 3, 24), "보다비엣", "nguoiquansat.vn"),
        ("003", "딥시크 등 中 AI", date(2025, 11, 27), "헤럴드경제", None),
        ("004", "중국 AI: 오픈소스", date(2025, 5, 11), "myinfo3482-1", None),
    ],
)
def test_the_real_articles_header_is_found(name: str, title: str, day: date, publisher: str, origin: str | None) -> None:
    (path,) = REAL_ARTICLES.glob(f"{name}_*.txt")
    article = extract(decode(read_bytes(path)), path.as_uri())
    assert article.title.startswith(title)
    assert article.published == day
    assert article.publisher.startswith(publisher)
    assert (origin or "") in (article.origin or "")
    assert bool(article.origin) == bool(origin)
