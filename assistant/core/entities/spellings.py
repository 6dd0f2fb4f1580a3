"""Finds many spellings in a text at once, the longest first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from assistant.core.entities.tables import Attribute
from assistant.core.languages import Language
from assistant.core.text import without_marks

_LATIN = "[A-Za-zÀ-ỹ]"
_ACRONYM = 3
"""Spellings up to this length are case-sensitive."""


@cache
def pattern_of(spelling: str) -> re.Pattern[str]:
    """The pattern for a single spelling."""
    return _pattern([spelling], is_acronym=len(spelling) <= _ACRONYM)


def _pattern(spellings: Sequence[str], *, is_acronym: bool) -> re.Pattern[str]:
    """A pattern for any of the spellings, the longest that fits; acronyms are case-sensitive.

    Hangul words may take endings without a space but must begin a word; other scripts need word boundaries.
    """
    latin = [s if is_acronym else s.casefold() for s in spellings if re.match(_LATIN, s)]
    # Compounds may be written with or without spaces.
    others = ["".join(gaps) for s in spellings if not re.match(_LATIN, s) for gaps in _gaps(s)]
    flag = "" if is_acronym else "i"
    parts = [rf"(?<!{_LATIN})(?{flag}:{_any_of(latin)}(?:['’]s)?)(?!{_LATIN})"] if latin else []
    parts += [rf"(?<![가-힣]){_any_of(others)}"] if others else []
    return re.compile("|".join(parts))


def _gaps(spelling: str) -> Iterator[tuple[str, ...]]:
    """A spelling with and without each of its spaces."""
    words = spelling.split()
    yield from product(*((word, word + " ") for word in words[:-1]), words[-1:])


def _any_of(spellings: Sequence[str]) -> str:
    """A regular expression that branches at the first character in which spellings differ.

    Plain alternatives are each tried at each place of a text, some ten times slower.
    """
    tails: dict[str, list[str]] = {}
    for spelling in spellings:
        tails.setdefault(spelling[:1], []).append(spelling[1:])
    is_whole = tails.pop("", None) is not None
    branches = [(r"\s" if c == " " else re.escape(c)) + _any_of(rest) for c, rest in tails.items()]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' if is_whole else ''}"


@dataclass(frozen=True, slots=True)
class Table:
    """The entries by spelling in one language, and the patterns that find them."""

    entries: Mapping[str, Attribute]
    keys: Mapping[str, str]
    patterns: tuple[re.Pattern[str], ...]

    def find(self, text: str, at: int = 0) -> list[tuple[str, int, int]]:
        """Spelling, start and end of each match, in order and without overlaps; longer matches win."""
        found = sorted(
            (-len(m.group()), m.start(), m.end())
            for pattern in self.patterns
            for m in pattern.finditer(text, at)
        )
        taken = bytearray(len(text))
        kept = []
        for _, start, end in found:
            key = self.keys.get(_key(text[start:end]))
            if key and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append((key, start, end))
        return sorted(kept, key=lambda row: row[1])


def tables_of(listed: Sequence[Attribute]) -> Mapping[Language, Table]:
    """One table per language; a spelling shared by several entries stands for the first.

    Names are often left in Latin script, so the English spellings are searched for in every language.
    """
    tables: dict[Language, dict[str, Attribute]] = {language: {} for language in Language}
    for entry in listed:
        for language, table in tables.items():
            own = entry.spellings[language]
            bare = [without_marks(s) for s in own if " " in s] if language is Language.VI else []
            for spelling in (*own, *entry.spellings[Language.EN], *bare):
                table.setdefault(spelling, entry)
    return {language: _build(table) for language, table in tables.items()}


def _build(entries: Mapping[str, Attribute]) -> Table:
    ordered = sorted(entries, key=lambda spelling: -len(spelling))
    groups = {
        True: [s for s in ordered if len(s) <= _ACRONYM],
        False: [s for s in ordered if len(s) > _ACRONYM],
    }
    patterns = tuple(_pattern(group, is_acronym=is_acronym) for is_acronym, group in groups.items() if group)
    return Table(entries, {_key(spelling): spelling for spelling in reversed(ordered)}, patterns)


def _key(spelling: str) -> str:
    return re.sub(r"['’]s$|\s", "", spelling).casefold()
