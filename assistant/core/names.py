"""Names of the field and attributes of things in three languages, and those in a text."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from assistant.core.text import Language, nfc, without_marks
from assistant.core.transliteration import MIN_CONSONANTS, consonants, is_hangul, words_by_consonants
from assistant.core.words import proper_names

_COLUMNS = (Language.KO, Language.VI, Language.EN)
_LATIN = "[A-Za-zÀ-ỹ]"
_ACRONYM = 3
"""Letters of a spelling whose capitals count."""
# Capitalised in English and Vietnamese without naming anything, or too general to be looked for.
_NOT_NAMES = frozenset(
    [
        "ai",
        "api",
        "ceo",
        "gdp",
        "gpu",
        "i",
        "it",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "act",
        "law",
        "resolution",
        "decree",
        "ministry",
        "minister",
        "government",
        "committee",
        "commission",
        "assembly",
        "national",
        "strategy",
        "plan",
        "index",
        "party",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a text spells it and every spelling known for it; an unknown name has only its own.

    ``parts`` are the names that it is made of ("EU AI Act": the EU and an AI Act).
    """

    text: str
    spellings: tuple[str, ...]
    parts: tuple["Name", ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is in the list; an unknown name is only what looks like one."""
        return len(self.spellings) > 1

    @property
    def is_country(self) -> bool:
        """Whether it names a country or a region: an article from there need not name it."""
        return self.spellings[0] in _countries()

    def is_in(self, text: str) -> bool:
        """Whether a text has the name in any spelling, without regard to case, or all the names that it is made of."""
        if any(_spelling(spelling).search(text) for spelling in self.spellings):
            return True
        if self.is_known:
            return bool(self.parts) and all(part.is_in(text) for part in self.parts)
        return self._sounds_at(text) is not None

    def starts(self, text: str) -> list[int]:
        """Where a text has the name in any spelling."""
        found = [match.start() for spelling in self.spellings for match in _spelling(spelling).finditer(text)]
        at = None if found or self.is_known else self._sounds_at(text)
        return found if at is None else [at]

    def _sounds_at(self, text: str) -> int | None:
        """Where a text has a word of the other script that sounds like this unknown name."""
        sound = consonants(self.text)
        at = words_by_consonants(text).get(sound) if len(sound) >= MIN_CONSONANTS else None
        return at if at is not None and is_hangul(text[at : at + 2]) is not is_hangul(self.text) else None


def find_names(text: str, language: Language) -> tuple[Name, ...]:
    """The names of a text, in order: those of the list, the longest where they overlap, then words that look like names."""
    text = nfc(text)
    table = _table("names.tsv")[language]
    found, rest = [], text
    for spelling, start, end in table.find(text):
        spellings = table.entries[spelling]
        shorter = dict.fromkeys(part for part, _, _ in (*table.find(spelling[:-1]), *table.find(spelling, 1)))
        parts = tuple(Name(part, table.entries[part]) for part in shorter)
        found.append(Name(text[start:end], spellings, parts))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    # An unknown name must still stand whole in what is left: "Quốc" of "Trung Quốc" does not.
    unknown = (
        word
        for word in proper_names(text, language)
        if len(word) > 1
        and word.lower() not in _NOT_NAMES
        and _spelling(word).search(rest)
        and not find_attributes(word, language)
    )
    names = {name.spellings: name for name in reversed(found)}
    return tuple(reversed(names.values())) + tuple(Name(word, (word,)) for word in dict.fromkeys(unknown))


@lru_cache(maxsize=1024)
def find_attributes(text: str, language: Language) -> tuple[Name, ...]:
    """What a question asks about a thing, its revenue or its fine, with the words for it in all languages."""
    text = nfc(text)
    table = _table("attributes.tsv")[language]
    names = {
        table.entries[word]: Name(text[start:end], table.entries[word])
        for word, start, end in table.find(text)
    }
    return tuple(names.values())


@lru_cache(maxsize=1024)
def mentions(text: str, language: Language) -> tuple[tuple[int, Name], ...]:
    """Where an NFC text has names of the list, in order."""
    table = _table("names.tsv")[language]
    return tuple(
        (start, Name(text[start:end], table.entries[spelling])) for spelling, start, end in table.find(text)
    )


def spellings_of(language: Language, *, countries: bool) -> list[str]:
    """The first spelling of every listed name in a language, of countries or of all others."""
    column = _COLUMNS.index(language)
    return [
        columns[column][0] for columns in _rows("names.tsv") if (columns[0][0] in _countries()) is countries
    ]


def lists_checksum() -> int:
    """Changes with every change of the lists."""
    return zlib.crc32("".join(_read(file) for file in ("names.tsv", "attributes.tsv")).encode())


@cache
def _spelling(spelling: str) -> re.Pattern[str]:
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
class _Table:
    """A list in one language: all spellings of an entry by each of its spellings, and what finds them."""

    entries: Mapping[str, tuple[str, ...]]
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


@cache
def _table(file: str) -> Mapping[Language, _Table]:
    tables: dict[Language, dict[str, tuple[str, ...]]] = {language: {} for language in _COLUMNS}
    for columns in _rows(file):
        every = tuple(dict.fromkeys(spelling for column in columns for spelling in column))
        for language, column in zip(_COLUMNS, columns, strict=True):
            # Names are often left in Latin letters, so the English spelling is looked for in every language.
            for spelling in (
                *column,
                *columns[-1],
                *(without_marks(s) for s in column if " " in s and language is Language.VI),
            ):
                tables[language].setdefault(spelling, every)
    return {language: _build(entries) for language, entries in tables.items()}


def _build(entries: Mapping[str, tuple[str, ...]]) -> _Table:
    ordered = sorted(entries, key=lambda spelling: -len(spelling))
    groups = {
        True: [s for s in ordered if len(s) <= _ACRONYM],
        False: [s for s in ordered if len(s) > _ACRONYM],
    }
    patterns = tuple(_pattern(group, is_acronym=is_acronym) for is_acronym, group in groups.items() if group)
    return _Table(entries, {_key(spelling): spelling for spelling in reversed(ordered)}, patterns)


def _key(spelling: str) -> str:
    return re.sub(r"['’]s$|\s", "", spelling).casefold()


@cache
def _countries() -> frozenset[str]:
    return frozenset(columns[0][0] for columns in _rows("names.tsv", "# Countries and regions"))


def _read(file: str) -> str:
    return resources.files("assistant.core").joinpath(file).read_text(encoding="utf-8")


def _rows(file: str, section: str | None = None) -> Iterator[list[list[str]]]:
    """The entries of a list, or those of its sections of one title."""
    title = ""
    for line in _read(file).splitlines():
        if line.startswith("#"):
            title = line
        elif line and section in (None, title):
            yield [column.split("|") for column in nfc(line).split("\t")]
