"""Names and attributes in a text: those listed in the tables, and words that look like names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.core.entities.spellings import Table, pattern_of, tables_of
from assistant.core.entities.tables import Attribute, Entity, EntityKind, attributes, entities
from assistant.core.entities.transliteration import find_alike
from assistant.core.languages import Language
from assistant.core.text import nfc
from assistant.core.words import proper_names

# Capitalised in English and Vietnamese without being names, or too general to search for.
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
    """A name or attribute word as spelled in a text, and what it stands for; None if unknown.

    ``parts`` are the names it contains ("EU AI Act": the EU and an AI Act).
    """

    text: str
    of: Attribute | None = None
    parts: tuple["Name", ...] = ()

    @property
    def id(self) -> str:
        """The id of what it stands for; for an unknown name, its text."""
        return self.of.id if self.of else self.text

    @property
    def is_known(self) -> bool:
        """Whether it is listed in the tables; an unknown name only looks like one."""
        return self.of is not None

    @property
    def is_country(self) -> bool:
        """Whether it is a country or region: an article from there need not name it."""
        return isinstance(self.of, Entity) and self.of.kind is EntityKind.COUNTRY

    @property
    def spellings(self) -> tuple[str, ...]:
        """All known spellings, at least its own."""
        return self.of.every_spelling if self.of else (self.text,)

    def is_in(self, text: str) -> bool:
        """Whether a text contains the name in any spelling, or all the names it is made of."""
        if any(pattern_of(spelling).search(text) for spelling in self.spellings):
            return True
        if self.is_known:
            return bool(self.parts) and all(part.is_in(text) for part in self.parts)
        return find_alike(self.text, text) is not None

    def starts(self, text: str) -> list[int]:
        """Offsets at which a text has the name in any spelling."""
        found = [m.start() for spelling in self.spellings for m in pattern_of(spelling).finditer(text)]
        at = None if found or self.is_known else find_alike(self.text, text)
        return found if at is None else [at]


def find_names(text: str, language: Language) -> tuple[Name, ...]:
    """The names in a text: listed entities, the longest where they overlap, then words that look like names."""
    text = nfc(text)
    table = _entities()[language]
    found, rest = [], text
    for spelling, start, end in table.find(text):
        shorter = dict.fromkeys(part for part, _, _ in (*table.find(spelling[:-1]), *table.find(spelling, 1)))
        parts = tuple(Name(part, table.entries[part]) for part in shorter)
        found.append(Name(text[start:end], table.entries[spelling], parts))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    # An unknown name must be a whole word in the remaining text: the "Quốc" of "Trung Quốc" is not.
    unknown = (
        word
        for word in proper_names(text, language)
        if len(word) > 1
        and word.lower() not in _NOT_NAMES
        and pattern_of(word).search(rest)
        and not find_attributes(word, language)
    )
    names = {name.id: name for name in reversed(found)}
    return tuple(reversed(names.values())) + tuple(map(Name, dict.fromkeys(unknown)))


def find_attributes(text: str, language: Language) -> tuple[Name, ...]:
    """The attributes a text mentions, e.g. revenue or fine, each once."""
    text = nfc(text)
    table = _attributes()[language]
    names = {
        table.entries[word].id: Name(text[start:end], table.entries[word])
        for word, start, end in table.find(text)
    }
    return tuple(names.values())


def mentions(text: str, language: Language) -> tuple[tuple[int, Name], ...]:
    """The entity mentions in an NFC text, with their offsets, in order."""
    table = _entities()[language]
    return tuple(
        (start, Name(text[start:end], table.entries[spelling])) for spelling, start, end in table.find(text)
    )


@cache
def _entities() -> Mapping[Language, Table]:
    return tables_of(entities())


@cache
def _attributes() -> Mapping[Language, Table]:
    return tables_of(attributes())
