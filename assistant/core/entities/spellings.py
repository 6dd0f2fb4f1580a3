"""Finds spellings in a text: many at once, the longer first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.core.entities.tables import Attribute
from assistant.core.languages import Language
from assistant.core.text import without_marks

_LATIN = "[A-Za-zÀ-ỹ]"
_ACRONYM = 3
"""Letters of a spelling whose capitals count."""


@cache
def pattern_of(spelling: str) -> re.Pattern[str]:
    """What finds one spelling."""
    return _pattern([spelling], is_acronym=len(spelling) <= _ACRONYM)


def _pattern(spellings: Sequence[str], *, is_acronym: bool) -> re.Pattern[str]:
    """What finds any of the spellings, the first that fits; the case of acronyms counts.

    Hangul takes endings without a space but begins a word; other scripts need word boundaries. These stand
    once, around all spellings and outside of what disregards case: written around each, they take the
    compiler half a minute.
    """
    latin = [re.escape(spelling) for spelling in spellings if re.match(_LATIN, spelling)]
    # Compounds are written with and without spaces.
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
    """What is listed, by each of its spellings in one language, and what finds these."""

    entries: Mapping[str, Attribute]
    keys: Mapping[str, str]
    patterns: tuple[re.Pattern[str], ...]

    def find(self, text: str, at: int = 0) -> list[tuple[str, int, int]]:
        """Spelling, start and end of what a text has, in order and without overlaps, the longer first."""
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
    """A table for each language; a spelling stands for the first that has it.

    Names are often left in Latin letters, so the English spellings are looked for in every language.
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
