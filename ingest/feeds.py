"""What an RSS or Atom feed or a sitemap lists."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urljoin

from assistant.core.errors import IngestError

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]")
_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a feed or sitemap and what is said of it there; ``is_list`` where it is another sitemap.

    ``page`` is the article as far as a feed contains it, as an HTML page.
    """

    url: str
    title: str = ""
    published: date | None = None
    is_list: bool = False
    publisher: str = ""
    language: str = ""
    page: bytes = b""


def listed(raw: bytes, url: str) -> list[Entry] | None:
    """The entries of the feed or sitemap at ``url``, as it orders them, each address once; None where the bytes are neither.

    Raises:
        IngestError: It cannot be read, or lists nothing.
    """
    beginning = raw[:_LOOKED_AT]
    if _FEED.search(beginning):
        found = list(_of_feed(raw, url))
    elif _SITEMAP.search(beginning):
        found = list(_of_sitemap(raw, url))
    else:
        return None
    if not found:
        raise IngestError("It lists no articles.")
    return list({entry.url: entry for entry in reversed(found)}.values())[::-1]


def _of_feed(raw: bytes, url: str) -> Iterator[Entry]:
    import feedparser

    for entry in feedparser.parse(io.BytesIO(raw), response_headers={"content-location": url}).entries:
        day = entry.get("published_parsed") or entry.get("updated_parsed")
        title, text = (
            entry.get("title", ""),
            max((c.value for c in entry.get("content", ())), key=len, default=""),
        )
        page = (
            f"<html><title>{escape(title)}</title><body><article>{text}</article></body></html>"
            if text
            else ""
        )
        if link := entry.get("link"):
            yield Entry(urljoin(url, link), title, date(*day[:3]) if day else None, page=page.encode())


def _of_sitemap(raw: bytes, base: str) -> Iterator[Entry]:
    from lxml import etree

    # Entities are left alone: a sitemap has no use for them, and they can be made to grow for ever.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as exc:
        raise IngestError(f"The sitemap is not valid XML: {exc}.") from exc
    is_index = etree.QName(root).localname == "sitemapindex"
    for element in root:
        if url := (element.findtext("{*}loc") or "").strip():
            yield Entry(
                urljoin(base, url),
                (element.findtext(".//{*}title") or "").strip(),
                _day(element.findtext(".//{*}publication_date") or ""),
                is_index,
            )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
