"""Finds many spellings in a text at once, the longest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

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
    """A pattern for any of the spellings, in the given order; acronyms are case-sensitive.

    Hangul words may take endings without a space but must begin a word; other scripts need word boundaries.
    The boundaries are written once, around all spellings and outside the case-insensitive group: around each
    spelling, compilation takes half a minute.
    """
    latin = [re.escape(spelling) for spelling in spellings if re.match(_LATIN, spelling)]
    # Compounds may be written with or without spaces.
    others = [
        r"\s?".join(map(re.escape, spelling.split()))
        for spelling in spellings
        if not re.match(_LATIN, spelling)
    ]
    flag = "" if is_acronym else "i"
    parts = [rf"(?<!{_LATIN})(?{flag}:(?:{'|'.join(latin)})(?:['’]s)?)(?!{_LATIN})"] if latin else []
    parts += [rf"(?<![가-힣])(?:{'|'.join(others)})"] if others else []
    return re.compile("|".join(parts))


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
