from datetime import date

import pytest

from assistant.core.errors import IngestError
from ingest.feeds import Entry, listed

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><title>AI 예산</title><link>https://a.example/1</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item>
<item><title>again</title><link>https://a.example/1</link></item>
<item><title>둘째</title><link>https://a.example/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Luật AI</title><link href="https://a.example/3"/>
<updated>2026-11-20T09:00:00Z</updated></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/4</loc><news:news><news:publication_date>2026-11-20</news:publication_date>
<news:title>News</news:title></news:news></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>"
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("raw", "entries"),
    [
        (RSS, [Entry("https://a.example/1", "AI 예산", DAY), Entry("https://a.example/2", "둘째")]),
        (ATOM, [Entry("https://a.example/3", "Luật AI", DAY)]),
        (SITEMAP, [Entry("https://a.example/4", "News", DAY)]),
        (INDEX, [Entry("https://a.example/s.xml", is_list=True)]),
    ],
)
def test_feeds_and_sitemaps_list_their_addresses_once_in_order(raw: str, entries: list[Entry]) -> None:
    assert listed(raw.encode(), "https://a.example/feed") == entries


def test_what_is_neither_lists_nothing() -> None:
    assert listed(b"<!doctype html><html></html>", "https://a.example/") is None


def test_a_feed_without_articles_and_a_broken_sitemap_are_refused() -> None:
    with pytest.raises(IngestError, match="lists no articles"):
        listed(b"<rss><channel></channel></rss>", "https://a.example/feed")
    with pytest.raises(IngestError, match="not valid XML"):
        listed(b"<urlset><url>", "https://a.example/sitemap.xml")


def test_entities_of_a_sitemap_are_not_expanded() -> None:
    raw = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&x;</loc></url></urlset>'
    assert [entry.url for entry in listed(raw, "https://a.example/sitemap.xml") or ()] == [
        "https://a.example/"
    ]
