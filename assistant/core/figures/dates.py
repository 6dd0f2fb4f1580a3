"""Reads and writes dates: year, month and day, each possibly unknown, as EDTF (``2025-04-30``, ``XXXX-04-30``, ``2025-07``)."""

import re
from collections.abc import Iterator

from assistant.core.text import Language

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_MONTH_NAMES = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS)
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_NUMERIC = rf"(?<![\d.\-/]){_YEAR}\s?[.\-/]\s?(?P<m>\d{{1,2}})\s?[.\-/]\s?(?P<d>\d{{1,2}})(?![\d])\.?"

_PATTERNS: dict[Language, tuple[str, ...]] = {
    Language.KO: (
        rf"(?:{_YEAR}년\s?)?(?P<m>\d{{1,2}})월\s?(?P<d>\d{{1,2}})일",
        rf"{_YEAR}년\s?(?P<m>\d{{1,2}})월",
        rf"{_YEAR}년(?!간)",
        r"(?<!\d)(?P<m>\d{1,2})월(?!간)",
        r"(?<![\d.])(?P<d>\d{1,2})일(?!간|\s?(?:안|이내|동안))",
        _NUMERIC,
    ),
    Language.VI: (
        rf"ngày\s(?P<d>\d{{1,2}})\s?(?:/|-|\stháng\s)\s?(?P<m>\d{{1,2}})(?:\s?(?:/|-|\snăm\s)\s?{_YEAR})?",
        rf"(?<!\d)(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/{_YEAR}",
        rf"tháng\s(?P<m>\d{{1,2}})(?:\s?/\s?|\snăm\s|\s){_YEAR}",
        rf"năm\s{_YEAR}",
        r"(?<!\d\s)tháng\s(?P<m>\d{1,2})(?!\d)",
        _NUMERIC,
    ),
    Language.EN: (
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<M>{_MONTH_NAMES})(?:,?\s{_YEAR})?",
        rf"(?P<M>{_MONTH_NAMES})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{_YEAR})?",
        rf"(?P<M>{_MONTH_NAMES})\s{_YEAR}",
        _NUMERIC,
        rf"(?<![\w$€₩.,-]){_YEAR}(?![\w%.,-]*\d)(?!\s(?:million|billion|trillion|percent|languages|people|dollars|won|yuan))",
    ),
}
_COMPILED = {language: [re.compile(pattern) for pattern in patterns] for language, patterns in _PATTERNS.items()}


def find_dates(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Start, end and EDTF of each date, in order, none overlapping; fuller forms win over parts of themselves."""
    taken: list[tuple[int, int, str]] = []
    for pattern in _COMPILED[language]:
        for match in pattern.finditer(text):
            edtf = _edtf(match)
            if edtf and all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((match.start(), match.end(), edtf))
    yield from sorted(taken)


def date_agrees(answer: str, source: str) -> bool:
    """Whether every part that the answer's date states is stated by the source's, both EDTF."""
    stated, given = answer.split("-"), source.split("-")
    return len(given) >= len(stated) and all("X" in part or part == other for part, other in zip(stated, given, strict=False))


def render_date(edtf: str, language: Language) -> str:
    """The date as the language writes it."""
    year, month, day = ([*(None if "X" in part else int(part) for part in edtf.split("-")), None, None])[:3]
    if language is Language.EN:
        return " ".join(str(part) for part in (day, _MONTHS[month - 1] if month else None, year) if part)
    if language is Language.VI:
        return " ".join(f"{word} {part}" for word, part in (("ngày", day), ("tháng", month), ("năm", year)) if part)
    return " ".join(f"{part}{word}" for part, word in ((year, "년"), (month, "월"), (day, "일")) if part)


def _edtf(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    month = parts.get("m")
    if named := parts.get("M"):
        month = str(next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(named.rstrip("."))))
    day = parts.get("d")
    if not 1 <= int(month or 1) <= 12 or not 1 <= int(day or 1) <= 31:
        return None
    edtf = parts.get("y") or "XXXX"
    if month or day:
        edtf += f"-{int(month):02}" if month else "-XX"
    return edtf + (f"-{int(day):02}" if day else "")
