"""Pages as Korean and Vietnamese sites serve them, and what a site may do to its readers: each is handled as expected."""

import gzip
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from fakes import HashEmbedder
from web import ENDLESS, SLOW, Site, serving

from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.ledger import SourceState
from assistant.core.settings import IngestSettings
from ingest.fetch import Fetcher
from ingest.ingester import Ingester, IngestOutcome, Result
from ingest.sources import find_sources
from ingest.worker import Worker

MAX_BYTES = 200_000
BODY = [
    "과학기술부는 3일 공공 분야 인공지능 도입에 내년 1조 2600억 원을 쓴다고 밝혔다.",
    "올해보다 34.5% 늘어난 금액으로, 중앙 부처 41곳과 지방자치단체 88곳이 대상이다.",
    "장관은 “현장에서 바로 쓸 수 있는 서비스부터 시작한다. 평가는 반년마다 한다”고 말했다.",
]
VIETNAMESE = [
    "Bộ Khoa học cho biết ngân sách trí tuệ nhân tạo năm 2027 là 1.260 tỷ đồng, tăng 34,5% so với năm nay.",
    "Chương trình sẽ được triển khai tại 41 cơ quan trung ương và 88 địa phương trên cả nước.",
]
MENU = "".join(
    f"<li><a href='/{name}'>{name}</a></li>" for name in ("정치", "경제", "사회", "국제", "스포츠")
)


def _page(
    paragraphs: list[str], head: str = "", title: str = "공공 인공지능 예산 1조 2600억", lang: str = "ko"
) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title} - 가온일보</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-11-03T09:12:00+09:00">{head}</head>'
        f"<body><nav><ul>{MENU}</ul></nav><main><article><h1>{title}</h1>{text}</article></main>"
        "<aside>많이 본 뉴스 1위 2위 3위</aside><footer>무단 전재 및 재배포 금지</footer></body></html>"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    opened = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Iterator[Fetcher]:
    limits = IngestSettings(allow_private=True, delay_s=0, timeout_s=5, total_timeout_s=1)
    with Fetcher(limits, MAX_BYTES, waits.append) as made:
        yield made


def _add(store: ArticleStore, fetcher: Fetcher, *urls: str) -> list[Result]:
    ingester = Ingester(store, Worker(store, cast(Embedder, HashEmbedder())).work, fetcher)
    return list(ingester.add(find_sources(urls, fetcher)))


def _text(store: ArticleStore) -> str:
    (article,) = store.articles()
    return article.text


@pytest.mark.parametrize("header", ["text/html", "text/html; charset=euc-kr", "text/plain"])
def test_a_korean_page_in_an_old_encoding_is_read_whoever_declares_it(
    site: Site, store: ArticleStore, fetcher: Fetcher, header: str
) -> None:
    page = _page(BODY, '<meta charset="euc-kr">').encode("cp949")
    site.lay("/a", page, Content_Type=header)
    assert [r.outcome for r in _add(store, fetcher, f"{site.url}/a")] == [IngestOutcome.NEW]
    (article,) = store.articles()
    assert all(paragraph in article.text for paragraph in BODY)
    assert "무단 전재" not in article.text
    assert (article.title, article.published, article.publisher) == (
        "공공 인공지능 예산 1조 2600억",
        date(2026, 11, 3),
        "가온일보",
    )


def test_a_vietnamese_page_in_decomposed_letters_is_stored_composed(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    page = _page(VIETNAMESE, title="Ngân sách trí tuệ nhân tạo", lang="vi")
    site.lay("/a", unicodedata.normalize("NFD", page).encode(), Content_Type="text/html; charset=utf-8")
    _add(store, fetcher, f"{site.url}/a")
    assert all(paragraph in _text(store) for paragraph in VIETNAMESE)
    assert store.articles()[0].language == "vi"


def test_a_consent_wall_is_no_article(site: Site, store: ArticleStore, fetcher: Fetcher) -> None:
    wall = (
        "<!DOCTYPE html><html lang='ko'><head><title>동의가 필요합니다</title></head><body><div><h2>쿠키 사용 안내</h2>"
        "<p>당사와 제휴사 148곳은 서비스를 제공하기 위해 쿠키와 비슷한 기술을 사용합니다.</p>"
        "<p>계속하려면 개인정보 처리에 동의해 주십시오. 동의는 언제든지 철회할 수 있습니다.</p>"
        "<button>모두 동의</button><button>설정</button></div></body></html>"
    )
    site.lay("/a", status=302, Location="/consent?return=/a")
    site.lay("/consent?return=/a", wall.encode(), Content_Type="text/html; charset=utf-8")
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert "no article" in str(result.reason)
    assert store.articles() == []


def test_a_body_that_is_loaded_by_script_is_read_from_what_the_page_says_of_itself(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    said = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", '
        f'"headline": "공공 인공지능 예산", "articleBody": "{" ".join(BODY).replace(chr(34), "")}"}}</script>'
    )
    site.lay("/a", _page([], said).encode(), Content_Type="text/html; charset=utf-8")
    _add(store, fetcher, f"{site.url}/a")
    assert all(paragraph in _text(store) for paragraph in BODY)


def test_a_page_whose_body_never_comes_is_refused(site: Site, store: ArticleStore, fetcher: Fetcher) -> None:
    site.lay("/a", _page([]).encode(), Content_Type="text/html; charset=utf-8")
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert "no article" in str(result.reason)


@pytest.mark.parametrize("order", [("/amp/a", "/a"), ("/a", "/amp/a")])
def test_a_page_and_its_twin_for_phones_are_one_article(
    site: Site, store: ArticleStore, fetcher: Fetcher, order: tuple[str, str]
) -> None:
    own = f'<link rel="canonical" href="{site.url}/a">'
    site.lay("/a", _page(BODY, own).encode(), Content_Type="text/html; charset=utf-8")
    site.lay("/amp/a", _page(BODY[:2], own).encode(), Content_Type="text/html; charset=utf-8")
    outcomes = [r.outcome for path in order for r in _add(store, fetcher, site.url + path)]
    assert outcomes == [IngestOutcome.NEW, IngestOutcome.DUPLICATE]
    assert len(store.articles()) == 1


def test_of_an_article_for_subscribers_the_beginning_is_not_taken_for_the_whole(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    price = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    site.lay("/a", _page(BODY[:1], price).encode(), Content_Type="text/html; charset=utf-8")
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert "subscribers" in str(result.reason)


def test_a_redirect_in_a_circle_and_a_body_without_end_are_given_up(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    site.lay("/round", status=302, Location="/round")
    site.lay("/endless", b"<html>", Content_Type="text/html", Content_Length=ENDLESS)
    reasons = [str(r.reason) for r in _add(store, fetcher, f"{site.url}/round", f"{site.url}/endless")]
    assert "redirects more than" in reasons[0]
    assert "takes more than 1 seconds" in reasons[1]


def test_a_host_that_never_comes_to_the_end_of_its_first_line_is_given_up(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    site.lay("/slow", **{SLOW: ""})
    (slow,) = _add(store, fetcher, f"{site.url}/slow")
    assert "takes more than 1 seconds" in str(slow.reason)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_given_up(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    packed = gzip.compress(b" " * 50_000_000)
    assert len(packed) < MAX_BYTES
    site.lay("/a", packed, Content_Type="text/html", Content_Encoding="gzip")
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert "an article has less" in str(result.reason)


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "text/html", "binary"),
        (b"", "text/html", "empty"),
        (b'{"error": null}' * 3, "application/json", None),
    ],
)
def test_what_is_called_a_page_and_is_none_is_refused_or_taken_as_text(
    site: Site, store: ArticleStore, fetcher: Fetcher, body: bytes, kind: str, reason: str | None
) -> None:
    site.lay("/a", body, Content_Type=kind)
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert (result.outcome is IngestOutcome.FAILED) == (reason is not None)
    assert reason is None or reason in str(result.reason)


def test_a_page_that_is_sent_as_plain_text_or_as_a_download_is_still_a_page(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    site.lay("/a", _page(BODY).encode(), Content_Type="application/octet-stream")
    assert [r.outcome for r in _add(store, fetcher, f"{site.url}/a")] == [IngestOutcome.NEW]


def test_what_is_gone_keeps_its_article_and_is_marked(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    site.lay("/a", _page(BODY).encode(), Content_Type="text/html; charset=utf-8")
    site.lay("/a", status=410)
    assert [r.outcome for r in _add(store, fetcher, f"{site.url}/a")] == [IngestOutcome.NEW]
    (result,) = _add(store, fetcher, f"{site.url}/a")
    assert "is not there" in str(result.reason)
    row = store.ledger.row(f"{site.url}/a")
    assert row is not None
    assert row.state is SourceState.GONE
    assert len(store.articles()) == 1


def test_a_host_that_asks_for_patience_gets_it(
    site: Site, store: ArticleStore, fetcher: Fetcher, waits: list[float]
) -> None:
    site.lay("/a", status=429, Retry_After="17")
    site.lay("/a", _page(BODY).encode(), Content_Type="text/html; charset=utf-8")
    assert [r.outcome for r in _add(store, fetcher, f"{site.url}/a")] == [IngestOutcome.NEW]
    assert 17 in waits


def test_a_feed_with_relative_links_leads_to_its_articles(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in ("/news/1", "2"))
    feed = f"<rss><channel>{items}</channel></rss>"
    site.lay("/news/rss", feed.encode(), Content_Type="application/rss+xml; charset=utf-8")
    for n in (1, 2):
        page = _page([*BODY[:2], f"대상 학교는 {n + 10}곳이다."], title=f"인공지능 예산 {n}차 발표")
        site.lay(f"/news/{n}", page.encode(), Content_Type="text/html; charset=utf-8")
    results = _add(store, fetcher, f"{site.url}/news/rss")
    assert [r.outcome for r in results] == [IngestOutcome.NEW] * 2
    assert {a.url for a in store.articles()} == {f"{site.url}/news/1", f"{site.url}/news/2"}


@pytest.mark.parametrize("status", [200, 403])
def test_a_feed_that_holds_the_whole_text_fills_in_for_a_page_that_does_not(
    site: Site, store: ArticleStore, fetcher: Fetcher, status: int
) -> None:
    whole = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    feed = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>공공 인공지능 예산</title>'
        f"<link>{site.url}/a</link><pubDate>Tue, 03 Nov 2026 00:12:00 GMT</pubDate>"
        f"<content:encoded><![CDATA[{whole}]]></content:encoded></item></channel></rss>"
    )
    site.lay("/rss", feed.encode(), Content_Type="application/rss+xml; charset=utf-8")
    site.lay("/a", _page(BODY[:1]).encode(), status=status, Content_Type="text/html; charset=utf-8")
    _add(store, fetcher, f"{site.url}/rss")
    assert all(paragraph in _text(store) for paragraph in BODY)
    assert store.articles()[0].published == date(2026, 11, 3)


def test_a_page_that_changed_is_a_new_version_and_one_that_did_not_is_left_alone(
    site: Site, store: ArticleStore, fetcher: Fetcher
) -> None:
    site.lay("/a", _page(BODY).encode(), Content_Type="text/html; charset=utf-8")
    site.lay("/a", _page(BODY).encode(), Content_Type="text/html; charset=utf-8")
    changed = [paragraph.replace("34.5%", "33.9%") for paragraph in BODY]
    site.lay("/a", _page(changed).encode(), Content_Type="text/html; charset=utf-8")
    outcomes = [r.outcome for _ in range(3) for r in _add(store, fetcher, f"{site.url}/a")]
    assert outcomes == [IngestOutcome.NEW, IngestOutcome.UNCHANGED, IngestOutcome.CHANGED]
    (article,) = store.articles()
    assert article.version == 2
    assert "34.5%" in getattr(store.version(article.id, 1), "text", "")
