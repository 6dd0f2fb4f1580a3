"""Extracts an article from a text: title, date, publisher, language, origin and the start of the body.

Front matter (YAML between two ``---`` lines) is trusted; without it, the text's header lines are parsed.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from assistant.core.entities import Entity, EntityKind, find_names
from assistant.core.errors import IngestError
from assistant.core.figures import Kind, read_figures
from assistant.core.languages import Language
from assistant.core.records import Article
from assistant.core.text import detect_language, ends_abbreviation, sentence_spans
from ingest.feeds import Entry
from ingest.formats import Document, read_document

_HEADER_LINES = 12
_LONG_LINE = 140
"""Characters beyond which a line is not part of a header."""
_SHORT_LINE = 40
_LONG_TITLE = 35
"""Letters and digits beyond which a longer line is no more likely to be the title."""
_MOST_YEARS_AHEAD = 10
"""Years ahead beyond which a date is a mistake in the text, not a wrong clock."""
_CENTURY = "20"
"""Century of a two-digit year."""
_NEARLY = 0.7
"""Share of the longest line's length from which a line counts as about as long."""
_DATE = re.compile(
    r"(?<!\d)(?P<y1>(?:(?:19|20)\d\d|(?<![.\-/])\d\d(?=\.\d\d\.\d\d\b)|(?<=['’‘])\d\d(?=\.)))\s?[.\-/년]\s?(?P<m1>\d{1,2})\s?[.\-/월]\s?(?P<d1>\d{1,2})"
    r"(?!\d)[.일]?(?:T[\d:.+]+)?"
    r"|(?<!\d)(?P<d2>\d{1,2})\s?(?:[./-]|tháng)\s?(?P<m2>\d{1,2})(?:[./-]|,?\s(?:năm\s)?)(?P<y2>(?:19|20)\d\d)(?!\d)"
)
_DATE_KEY = re.compile(r"^\s*date\b[:\s]*", re.IGNORECASE)
_REPORTER = re.compile(
    r"\[\s*([^\[\]=|]{2,30}?)(?:\s*[=|]\s*[^\[\]]{2,30}?|\s[^\s\[\]]{2,4}\s)기자\s*\]|\([^()=]{1,12}=([^()=]{2,20})\)"
)
# Text beside a date in a header that does not name a publisher: edit notes, weekdays, times, counters,
# reporters.
_NO_PUBLISHER = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?|\(?(?:GMT|UTC)\s?[+-]\s?\d{1,2}\)?|\b(?:AM|PM|a\.m\.|p\.m\.)"
    r"|(?:기사\s?)?(?:입력|수정|최종수정|승인|등록|송고|작성|발행|게재|업데이트)(?:일시?|시간)?|오전|오후|[월화수목금토일]요일|\([월화수목금토일]\)"
    r"|(?:조회(?:수)?|댓글|추천|공감|읽음)\s?[\d,.]*|글자크기|가 가|공유|인쇄|스크랩|북마크|웹에서 보기|보도시점|배포|사진|기자명"
    r"|(?:^|\s)\S{2,4}\s(?:기자|특파원|앵커|논설위원)\b"
    r"|\b(?:PV|Phóng viên|Tác giả)\b[^|,;]*"
    r"|\b(?:Thứ\s(?:hai|ba|tư|năm|sáu|bảy)|Chủ nhật|Cập nhật|Đăng lúc|Ngày đăng|Xuất bản|lượt xem|bình luận|lúc|ngày)\b"
    r"|\b(?:SA|CH|tại|Trang chủ|Online)\b|보도자료|(?i:thông cáo báo chí|press release)"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Published|Updated|Posted|Last modified|Views|Comments)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w-])\d")
_PARTS = re.compile(r"[|•›>»]|\s·\s|\s{2,}")
_NAME_PARTS = re.compile(r"[|·•/;,›>»]|\s[-–—]\s|\s{2,}")
_LABEL = re.compile(r"^\s*[^:]*[^:\s]:\s*")
_POINT_ENDED = re.compile(r"[^\W\d_]{2}[\"'”’»)]*\.$")
_BRACKETED = re.compile(r"\([^()]*\)|<[^<>]*>|\S+@\S+")
_ORIGIN = re.compile(r"^\s*(?:출처|원문|Nguồn|Source)\s*:\s*(\S.*?)\s*$", re.MULTILINE | re.IGNORECASE)
_ORIGIN_TAIL = 400
_PLACES = (EntityKind.PLACE, EntityKind.COUNTRY)
_THEO = re.compile(r"^\s*\(?Theo\s+([^.,\n]{2,40}?)\)?\s*$", re.MULTILINE)
_KEY = re.compile(r"\s*(\w+)\s*:\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class _Header:
    title: str
    published: date | None
    publisher: str
    body_start: int


def extract(document: Document, url: str, entry: Entry | None = None) -> Article:
    """The article of a document.

    What its carrier says comes first: front matter, a page's own description, a mail's header; then what a feed
    says of it in ``entry``; then what its first and last lines say.

    Raises:
        IngestError: The front matter is invalid, or the text contains no words.
    """
    meta, text = (
        _front_matter(document.text) if document.is_plain else ({}, _without_furniture(document.text))
    )
    if meta:
        header = _from_front_matter(meta, text)
    elif document.is_plain:
        header = _from_lines(text)
    else:
        header = _Header(document.title or _first_line(text), document.published, document.publisher, 0)
    if not any(c.isalpha() for c in text[header.body_start :]):
        raise IngestError("The article contains no words.")
    return Article(
        id=hashlib.sha256(url.encode()).hexdigest()[:16],
        url=url,
        title=header.title or (entry.title if entry else ""),
        text=text,
        language=_language(
            str(meta.get("language") or document.language or (entry and entry.language) or ""), text
        ),
        published=header.published or document.published or (entry.published if entry else None),
        publisher=header.publisher or (entry.publisher if entry else ""),
        origin=str(meta["origin"]) if meta.get("origin") else _origin(text),
        body_start=header.body_start,
        author=" ".join(str(meta.get("author") or document.author).split()),
        updated=_meta_day(meta, "updated") or document.updated,
        canonical=document.canonical,
    )


def read_article(file: Path) -> Article:
    """The article in a file; raises as ``read_document`` and ``extract`` do."""
    url = file.absolute().as_uri()
    return extract(read_document(file.read_bytes(), url), url)


def _without_furniture(text: str) -> str:
    """The text of a page without the lines around it that are made of days, counters and the like."""
    lines = text.split("\n")
    while len(lines) > 1 and _is_furniture(lines[-1]) and not _is_prose(lines[-1]):
        lines.pop()
    while len(lines) > 1 and _is_furniture(lines[0]) and not _is_prose(lines[0]):
        lines.pop(0)
    return "\n".join(lines).strip()


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = re.match(r"\s*---[ \t]*\n(.*?)\n---[ \t]*\n", text, re.DOTALL)
    if not match:
        return {}, text
    try:
        meta = yaml.safe_load(match[1])
    except yaml.YAMLError as exc:
        meta = _loose_front_matter(match[1])
        if meta is None:
            raise IngestError(f"The front matter is not valid YAML: {' '.join(str(exc).split())}") from exc
    if not isinstance(meta, dict):
        return {}, text
    return meta, text[match.end() :].lstrip("\n")


def _loose_front_matter(text: str) -> dict[str, Any] | None:
    """Front matter as people write it ("title: A: B"): a key and the rest of the line; None where a line is neither."""
    found = [_KEY.fullmatch(line) for line in text.splitlines() if line.strip()]
    return {match[1]: match[2].strip("\"'") for match in found if match} if all(found) else None


def _from_front_matter(meta: dict[str, Any], text: str) -> _Header:
    title = str(meta.get("title") or _first_line(text))
    publisher = " ".join(str(meta.get("publisher") or "").split())
    return _Header(" ".join(title.split()), _meta_day(meta, "date"), publisher, 0)


def _meta_day(meta: dict[str, Any], key: str) -> date | None:
    """The day under a key, however it is quoted, and with or without a time.

    Raises:
        IngestError: It is none.
    """
    value = meta.get(key)
    if isinstance(value, str):
        value = _iso(value.strip()[: len("2026-11-03")]) or value
    if isinstance(value, datetime):
        return value.date()
    if value is not None and not isinstance(value, date):
        raise IngestError(f"The front matter's {key} {value!r} is not a date; write it as 2025-11-27.")
    return value


def _language(named: str, text: str) -> Language:
    """The named language, by the first part of its tag, or the one that the text is written in."""
    tag = named.strip().lower().partition("-")[0].partition("_")[0]
    return Language(tag) if tag in set(Language) else detect_language(text)


def _from_lines(text: str) -> _Header:
    """Title, date and publisher from the header, the lines before the first line of prose.

    The byline is the first header line with a date. The title is longer than section, publisher or reporter,
    and is not made of parts. A first line that begins with ``date`` and a date has the title after them.
    Without a byline, the date is taken from a news agency's dateline or from the last line.
    """
    lines = _lines(text)[:_HEADER_LINES]
    first = text[slice(*lines[0])] if lines else ""
    if (
        _DATE_KEY.match(first)
        and (dated := _dated(first))
        and not _DATE_KEY.sub("", first[: dated.start]).strip()
    ):
        return _Header(
            first[dated.end :].strip() or _first_line(text[lines[0][1] :]),
            dated.day,
            _reporter(text),
            lines[0][1],
        )
    header = list(takewhile(lambda line: not _is_prose(text[slice(*line)]), lines)) or lines[:1]
    byline = next(
        ((i, found) for i, line in enumerate(header) if (found := _dated(text[slice(*line)]))), None
    )
    at = _title(text, header, byline[0] if byline else None)
    last = max(at, byline[0] if byline else 0)
    while last + 1 < len(header) and _is_furniture(text[slice(*header[last + 1])]):
        last += 1
    title = text[slice(*header[at])].strip() if header else ""
    body_start = header[last][1] if len(lines) > 1 else 0
    if byline is None:
        return _Header(title, _day_elsewhere(text, body_start), _reporter(text), body_start)
    i, found = byline
    line = text[slice(*header[i])]
    above = text[slice(*header[i - 1])].strip() if at < i - 1 else ""  # the line above a title is its section
    publisher = (
        _reporter(text) or _publisher(line[: found.start]) or (_publisher(above) if _may_name(above) else "")
    )
    return _Header(title, found.day, publisher, body_start)


@dataclass(frozen=True, slots=True)
class _Dated:
    day: date
    start: int
    end: int


def _dated(line: str) -> _Dated | None:
    """The first complete date in a line."""
    for match in _DATE.finditer(line):
        year, month, day = (match["y1"], match["m1"], match["d1"]) if match["y1"] else _day_first(match)
        if found := _iso(f"{_CENTURY[: 4 - len(year)]}{year}-{month:0>2}-{day:0>2}"):
            return _Dated(found, *match.span())
    for figure in read_figures(line, detect_language(line)):
        if figure.kind is Kind.DATE and figure.date and (day := _iso(figure.date)):
            return _Dated(day, figure.start, figure.end)
    return None


def _iso(text: str) -> date | None:
    """A date written as ``2026-11-03``; None for another form, an invalid date or one too far ahead."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-03") else None
    except ValueError:
        return None
    return day if day and day.year <= date.today().year + _MOST_YEARS_AHEAD else None


def _day_first(match: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day of a day-first date, or of a month-first one if it can only be that."""
    year, month, day = match["y2"], match["m2"], match["d2"]
    return (year, day, month) if int(month) > 12 else (year, month, day)


def _day_elsewhere(text: str, body_start: int) -> date | None:
    """The date in the dateline ("Đà Nẵng, ngày 3 tháng 8 năm 2026 – …"), or in a short last line."""
    opening = re.match(r"\s*(.{1,60}?)\s[-–—]\s", text[body_start:])
    closing = text.rstrip().rpartition("\n")[2]
    for words in (
        opening[1] if opening else "",
        closing if len(closing) <= _SHORT_LINE and not _is_prose(closing) else "",
    ):
        if found := _dated(words):
            return found.day
    return None


def _title(text: str, header: list[tuple[int, int]], byline: int | None) -> int:
    """The index of the title: the first header line that is about as long as the longest."""
    lengths = [
        0
        if i == byline
        else min(_LONG_TITLE, sum(map(str.isalnum, text[start:end])))
        * (0.3 if _is_furniture(text[start:end]) else 1)
        for i, (start, end) in enumerate(header)
    ]
    return next((i for i, length in enumerate(lengths) if length >= _NEARLY * max(lengths) and length), 0)


def _is_prose(line: str) -> bool:
    """Whether a line is very long or contains a sentence that ends with a full stop.

    A headline may end with other punctuation, and the full stop of a date ends no sentence.
    """
    without_days = _DATE.sub(" ", line)
    ends = (without_days[start:end].rstrip("\"'”’»)") for start, end in sentence_spans(without_days))
    return len(line) > _LONG_LINE or any(
        _POINT_ENDED.search(end) and not ends_abbreviation(end) for end in ends
    )


def _is_furniture(line: str) -> bool:
    """Whether a header line is made of parts, as bylines, sections and counters are, or contains a date."""
    return not line.startswith("|") and (
        bool(_DATE.search(line)) or len([part for part in _PARTS.split(line) if part.strip()]) > 1
    )


def _may_name(line: str) -> bool:
    """Whether the line above a byline may name the publisher: it is short and not a section path."""
    return len(line) <= _SHORT_LINE and not re.search("[>›»]", line)


def _reporter(text: str) -> str:
    """The publisher in a Korean reporter's line: "[헤럴드=홍길동 기자]", "[헤럴드 홍길동 기자]", "(서울=가나통신) … 기자 ="."""
    names = (match[1] or match[2] for match in _REPORTER.finditer(text[:2000]))
    return next((name for name in names if not _is_place(name) and not _NO_PUBLISHER.fullmatch(name)), "")


def _publisher(byline: str) -> str:
    """The first name in a byline without its date; empty if there is none."""
    cleaned = _NO_PUBLISHER.sub("  ", _BRACKETED.sub("  ", byline))
    parts = (_LABEL.sub("", part).strip(" .,:()[]") for part in _NAME_PARTS.split(cleaned))
    names = (part for part in parts if sum(map(str.isalpha, part)) > 1 and len(part) <= _SHORT_LINE)
    return next((name for name in names if not _NUMBER.search(name) and not _is_place(name)), "")


def _is_place(name: str) -> bool:
    """Whether a name is that of a city or country, as at the head of a dateline."""
    found = (one for language in Language for one in find_names(name, language) if one.text == name)
    return any(isinstance(one.of, Entity) and one.of.kind in _PLACES for one in found)


def _lines(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"\S[^\n]*", text)]


def _first_line(text: str) -> str:
    return next((text[start:end].strip() for start, end in _lines(text)), "")


def _origin(text: str) -> str | None:
    matches = _ORIGIN.findall(text[-_ORIGIN_TAIL:]) or _THEO.findall(text[-_ORIGIN_TAIL:])
    return matches[-1] if matches else None
