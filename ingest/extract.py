"""A text becomes an article: title, date, publisher, language, origin and where the body starts.

Front matter (YAML between two lines of ``---``) is believed; without it the header lines of the text are read.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from assistant.core.errors import IngestError
from assistant.core.records import Article
from assistant.core.text import Language, detect_language

_HEADER_LINES = 12
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?[.\-/년]\s?(\d{1,2})\s?[.\-/월]\s?(\d{1,2})(?!\d)[.일]?|(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)"
)
_TIME = re.compile(r"\s*\d{1,2}:\d{2}(?::\d{2})?\s*$")
_DATE_KEY = re.compile(r"^\s*date\b[:\s]*", re.IGNORECASE)
_REPORTER = re.compile(r"\[\s*([^\[\]=|]{2,30}?)\s*[=|]\s*[^\[\]]{2,30}?기자\s*\]")
# What stands beside a date in a header and names nobody: what was done to the article, weekdays, times, counters, reporters.
_NO_PUBLISHER = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?|\(?(?:GMT|UTC)\s?[+-]\s?\d{1,2}\)?|\b(?:AM|PM|a\.m\.|p\.m\.)"
    r"|(?:기사\s?)?(?:입력|수정|최종수정|승인|등록|송고|작성|발행|게재|업데이트)(?:일시?|시간)?|오전|오후|[월화수목금토일]요일|\([월화수목금토일]\)"
    r"|(?:조회(?:수)?|댓글|추천|공감|읽음)\s?[\d,.]*|글자크기|가 가|공유|인쇄|스크랩|북마크|웹에서 보기|보도시점|배포|사진"
    r"|(?:^|\s)\S{2,4}\s(?:기자|특파원|앵커|논설위원)\b"
    r"|\b(?:Thứ\s(?:hai|ba|tư|năm|sáu|bảy)|Chủ nhật|Cập nhật|Đăng lúc|Ngày đăng|Xuất bản|lượt xem|bình luận|lúc|ngày)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Published|Updated|Posted|Last modified|Views|Comments)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w-])\d")
_PARTS = re.compile(r"[|·•/;,]|\s[-–]\s|\s{2,}")
_ORIGIN = re.compile(r"^\s*(?:출처|원문|Nguồn|Source)\s*:\s*(\S.*?)\s*$", re.MULTILINE | re.IGNORECASE)
_ORIGIN_TAIL = 400


@dataclass(frozen=True, slots=True)
class _Header:
    title: str
    published: date | None
    publisher: str
    body_start: int


def extract(text: str, url: str) -> Article:
    """The article in a text (NFC).

    Raises:
        IngestError: The front matter cannot be read, or there are no words.
    """
    meta, text = _front_matter(text)
    header = _from_front_matter(meta, text) if meta else _from_lines(text)
    if not any(c.isalpha() for c in text[header.body_start :]):
        raise IngestError("The article holds no words.")
    return Article(
        id=hashlib.sha256(url.encode()).hexdigest()[:16],
        url=url,
        title=header.title,
        text=text,
        language=_language(meta, text),
        published=header.published,
        publisher=header.publisher,
        origin=str(meta["origin"]) if meta.get("origin") else _origin(text),
        body_start=header.body_start,
    )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = re.match(r"\s*---[ \t]*\n(.*?)\n---[ \t]*\n", text, re.DOTALL)
    if not match:
        return {}, text
    try:
        meta = yaml.safe_load(match[1])
    except yaml.YAMLError as exc:
        raise IngestError(f"The front matter is not valid YAML: {' '.join(str(exc).split())}") from exc
    if not isinstance(meta, dict):
        return {}, text
    return meta, text[match.end() :].lstrip("\n")


def _from_front_matter(meta: dict[str, Any], text: str) -> _Header:
    published = meta.get("date")
    if isinstance(published, datetime):
        published = published.date()
    if published is not None and not isinstance(published, date):
        raise IngestError(f"The front matter's date {published!r} is no date; write it as 2025-11-27.")
    title = str(meta.get("title") or _first_line(text))
    return _Header(" ".join(title.split()), published, " ".join(str(meta.get("publisher") or "").split()), 0)


def _language(meta: dict[str, Any], text: str) -> Language:
    named = meta.get("language")
    if named is None:
        return detect_language(text)
    try:
        return Language(str(named))
    except ValueError as exc:
        raise IngestError(f"The front matter's language {named!r} is none of {', '.join(Language)}.") from exc


def _from_lines(text: str) -> _Header:
    """Title, byline and date out of the first lines.

    A byline is a short line with a date: what stands before the date is the publisher, the line above it the title. A first line
    that begins with ``date`` and a day carries the title behind it.
    """
    lines = _lines(text)[:_HEADER_LINES]
    publisher = match[1] if (match := _REPORTER.search(text[:2000])) else ""
    for i, (start, end) in enumerate(lines):
        line = text[start:end]
        found = _DATE.search(line)
        if not found or not (day := _day(found)):
            continue
        if _DATE_KEY.match(line) and not line[: found.start()].lower().replace("date", "").strip(": "):
            title = line[found.end() :].strip()
            return _Header(title or _first_line(text[end:]), day, publisher, end)
        rest = _TIME.sub("", line[: found.start()] + line[found.end() :]).strip(" |·-:")
        if len(rest) <= 40 and i <= 5:
            title = text[slice(*lines[i - 1])] if i else _first_line(text[end:])
            return _Header(title, day, publisher or _publisher(rest), _skip_dates(text, lines[i + 1 :], end))
    return _Header(_first_line(text), None, publisher, lines[0][1] if len(lines) > 1 else 0)


def _publisher(byline: str) -> str:
    """Who a byline without its date names first; empty where nobody."""
    parts = (part.strip(" .:()[]") for part in _PARTS.split(_NO_PUBLISHER.sub("  ", byline)))
    names = (part for part in parts if sum(map(str.isalpha, part)) > 1)
    return next((name for name in names if not _NUMBER.search(name)), "")


def _skip_dates(text: str, lines: list[tuple[int, int]], end: int) -> int:
    for start, stop in lines:
        if _DATE.sub("", text[start:stop]).strip():
            break
        end = stop
    return end


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _lines(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"\S[^\n]*", text)]


def _first_line(text: str) -> str:
    return next((text[start:end].strip() for start, end in _lines(text)), "")


def _origin(text: str) -> str | None:
    matches = _ORIGIN.findall(text[-_ORIGIN_TAIL:])
    return matches[-1] if matches else None
