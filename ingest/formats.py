"""An article's text and what its carrier says of it, out of a page, a PDF, a Word file, a mail or plain text.

What the bytes are is told by the bytes; a suffix or a content type may be wrong. The library for a format is
imported by its first document: together they take longer to import than a question takes to answer.
"""

import email
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from assistant.core.errors import IngestError
from assistant.core.text import nfc
from ingest.encoding import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"(?:(?:From|To|Date|Subject|Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-[\w-]+):\s.*\r?\n"
    rb"(?:[ \t].*\r?\n)*){3}",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s+[-|–—·:]\s+")
_CANONICAL = re.compile(r"""<link(?=[^>]*\srel=["']?canonical\b)[^>]*\shref=["']([^"'>]+)""", re.IGNORECASE)
_ARTICLE_SIGNS = re.compile(
    r"""property=["']og:type["'][^>]*content=["']article|"@type"\s*:\s*\[?\s*"\w*Article"|<article\b|property=["']article:""",
    re.IGNORECASE,
)
_LINKED_DATA = re.compile(
    r"""<script[^>]*type=["']application/ld\+json["'][^>]*>(.*?)</script>""", re.IGNORECASE | re.DOTALL
)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_STUB = 600
"""Characters below which a page without signs of an article, or with a price, holds only a notice or a beginning."""
_MOST_UNPACKED = 200 * 2**20
_MOST_PAGES = 300
_SHORTEST = 30
"""Characters below which what is left of a page is no article."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text in NFC, and what its carrier says of it; what it does not say is empty.

    A plain text says nothing by itself: ``is_plain`` marks it, and its first
    lines may be a header.
    """

    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: date | None = None
    updated: date | None = None
    language: str = ""
    canonical: str = ""
    is_plain: bool = False


def read_document(raw: bytes, url: str, charset: str | None = None) -> Document:
    """The document in these bytes.

    Args:
        raw: As they came.
        url: Where they came from.
        charset: As their carrier declares it.

    Raises:
        IngestError: They hold no text that can be read; says why.
    """
    if raw.lstrip()[:5] == b"%PDF-":
        return _pdf(raw)
    if raw.startswith(b"PK\x03\x04") and b"word/" in raw:
        return _docx(raw)
    if _HTML.match(raw):
        return _page(raw, url, charset)
    if _MAIL.match(raw):
        return _mail(raw, url)
    return Document(decode(raw, charset), is_plain=True)


def _page(raw: bytes, url: str, charset: str | None) -> Document:
    """The article of a page, without its navigation, advertisements and comments."""
    import trafilatura
    from htmldate import find_date
    from trafilatura.settings import Document as PageArticle

    declared = _CHARSET.search(raw[:4096])
    html = decode(raw, charset or (declared[1].decode("ascii", "replace") if declared else None))
    found = trafilatura.bare_extraction(
        html, url=url, with_metadata=True, include_comments=False, include_tables=True, favor_precision=True
    )
    if not isinstance(found, PageArticle):
        found = PageArticle()
    text = max(found.text or "", _described_body(html), key=len)
    if len(text) < _STUB and _NOT_FREE.search(html):
        raise IngestError("The page shows only the beginning; the article is for subscribers.")
    if len(text) < (_SHORTEST if _ARTICLE_SIGNS.search(html) else _STUB):
        raise IngestError("The page holds no article that can be told from its surroundings.")
    title = found.title or ""
    updated = find_date(html, original_date=False)
    return Document(
        text=nfc(text),
        title=nfc(title),
        publisher=nfc(_publisher(html, title, found.sitename or "", url)),
        author=nfc(found.author or ""),
        published=_day(found.date),
        updated=_day(updated),
        language=(found.language or "")[:2],
        canonical=_canonical(html, url),
    )


def _described_body(html: str) -> str:
    """The article's text as the page describes itself to search engines (JSON-LD), where a script loads what is shown."""
    for script in _LINKED_DATA.findall(html):
        with suppress(ValueError):
            described = json.loads(script, strict=False)
            for one in described if isinstance(described, list) else [described]:
                if isinstance(one, dict) and isinstance(body := one.get("articleBody"), str):
                    return unescape(body).strip()
    return ""


def _canonical(html: str, url: str) -> str:
    """The address that a page names as its own, if it is another page of the same host; a site's front page is none."""
    named = _CANONICAL.search(html)
    if not named:
        return ""
    address = urlsplit(urljoin(url, unescape(named[1])))
    is_other = address.hostname == urlsplit(url).hostname and address.path not in ("", "/")
    return urlunsplit(address) if is_other and urlunsplit(address) != url else ""


def _publisher(html: str, title: str, site: str, url: str) -> str:
    """The site's name: as it names itself, or what its window title has behind the article's."""
    name = site.lower().partition(":")[0].removeprefix("www.")
    if name and name != (urlsplit(url).hostname or "").removeprefix("www."):
        return site
    window = re.search(r"<title[^>]*>(.*?)</title>", html, re.IGNORECASE | re.DOTALL)
    named = " ".join(window[1].split()) if window else ""
    parts = _SITE.split(named.removeprefix(title)) if title and named.startswith(title) else []
    return parts[-1].strip() if len(parts) > 1 else ""


def _pdf(raw: bytes) -> Document:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise IngestError("The PDF is locked by a password; save it without one.")
        if len(reader.pages) > _MOST_PAGES:
            raise IngestError(
                f"The PDF has {len(reader.pages)} pages, more than {_MOST_PAGES}: it is no article."
            )
        text = "\n".join(page.extract_text() for page in reader.pages)
        meta = reader.metadata
    except (PyPdfError, ValueError, KeyError, TypeError) as exc:
        raise IngestError(f"The PDF cannot be read: {exc}.") from exc
    if not any(c.isalpha() for c in text):
        raise IngestError("The PDF holds pictures and no text; recognise its text first (OCR).")
    created = meta.creation_date if meta else None
    return Document(nfc(text), published=created.date() if created else None, is_plain=True)


def _docx(raw: bytes) -> Document:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise IngestError(
                    f"The Word file unpacks to more than {_MOST_UNPACKED // 2**20} MiB; an article has less."
                )
        opened = docx.Document(io.BytesIO(raw))
        text = "\n\n".join(_blocks(opened))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as exc:
        raise IngestError(f"The Word file cannot be read: {exc}.") from exc
    return Document(nfc(text), is_plain=True)


def _blocks(opened: Any) -> Iterator[str]:
    """Paragraphs, and tables with marks between their cells, in order."""
    from docx.table import Table

    for block in opened.iter_inner_content():
        if isinstance(block, Table):
            yield "\n".join(
                " | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in block.rows
            )
        elif block.text.strip():
            yield block.text


def _mail(raw: bytes, url: str) -> Document:
    """The text of a mail, as of a newsletter; attachments are left out."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
    content = body.get_payload(decode=True) if body else None
    if body is None or not isinstance(content, bytes):
        raise IngestError("The mail holds no text.")
    inner = read_document(content, url, body.get_content_charset())
    sent = message["Date"].datetime if message["Date"] else None
    return replace(
        inner,
        title=nfc(str(message["Subject"] or "")),
        publisher=nfc(parseaddr(str(message["From"] or ""))[0]),
        published=sent.date() if isinstance(sent, datetime) else None,
        is_plain=False,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
