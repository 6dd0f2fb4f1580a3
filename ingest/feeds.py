"""What an RSS or Atom feed or a sitemap lists."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.core.errors import IngestError

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]")
_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a feed or sitemap and what is said of it there; ``is_list`` where it is another sitemap."""

    url: str
    title: str = ""
    published: date | None = None
    is_list: bool = False
    publisher: str = ""
    language: str = ""


def listed(raw: bytes) -> list[Entry] | None:
    """The entries of a feed or sitemap, as it orders them, each address once; None where the bytes are neither.

    Raises:
        IngestError: It cannot be read, or lists nothing.
    """
    beginning = raw[:_LOOKED_AT]
    if _FEED.search(beginning):
        found = list(_of_feed(raw))
    elif _SITEMAP.search(beginning):
        found = list(_of_sitemap(raw))
    else:
        return None
    if not found:
        raise IngestError("It lists no articles.")
    return list({entry.url: entry for entry in reversed(found)}.values())[::-1]


def _of_feed(raw: bytes) -> Iterator[Entry]:
    import feedparser

    for entry in feedparser.parse(io.BytesIO(raw)).entries:
        day = entry.get("published_parsed") or entry.get("updated_parsed")
        if url := entry.get("link"):
            yield Entry(url, entry.get("title", ""), date(*day[:3]) if day else None)


def _of_sitemap(raw: bytes) -> Iterator[Entry]:
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
                url,
                (element.findtext(".//{*}title") or "").strip(),
                _day(element.findtext(".//{*}publication_date") or ""),
                is_index,
            )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
