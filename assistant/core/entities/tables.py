"""Named entities and attributes, each with its spellings in three languages.

They are listed in ``entities.tsv`` and ``attributes.tsv``, one per line, with ``|`` between spellings, and
validated when read. A new line takes effect at the next start; the index is then updated automatically.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from assistant.core.languages import Language
from assistant.core.text import nfc

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class EntityKind(StrEnum):
    """The type of an entity."""

    COUNTRY = "country"
    PLACE = "place"
    AUTHORITY = "authority"
    ORGANISATION = "organisation"
    COMPANY = "company"
    LAW = "law"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property that a question may ask for, e.g. revenue or fine; ``spellings`` are the words for it."""

    id: str
    spellings: Mapping[Language, tuple[str, ...]]

    @property
    def every_spelling(self) -> tuple[str, ...]:
        """The spellings in all languages, each once."""
        return tuple(dict.fromkeys(spelling for each in self.spellings.values() for spelling in each))


@dataclass(frozen=True, slots=True)
class Entity(Attribute):
    """A thing with a name.

    Except in Korean, a capital stands for its government, so a country may share a spelling with its capital.
    """

    kind: EntityKind


@cache
def entities() -> tuple[Entity, ...]:
    """All entities; raises as ``read_entities`` does."""
    return read_entities(_read("entities.tsv"))


@cache
def attributes() -> tuple[Attribute, ...]:
    """All attributes; raises as ``read_attributes`` does."""
    return read_attributes(_read("attributes.tsv"))


def read_entities(table: str) -> tuple[Entity, ...]:
    """The entities in a table with the columns id, kind, ko, vi and en, countries first.

    Raises:
        ValueError: The table is invalid; the message names the problem and, if possible, the line.
    """
    found = tuple(
        Entity(id_, spellings, _kind(kind, where))
        for where, (id_, kind), spellings in _rows(table, "id", "kind")
    )
    _require_one_meaning([e for e in found if e.kind is not EntityKind.PLACE])
    return tuple(sorted(found, key=lambda entity: entity.kind is not EntityKind.COUNTRY))


def read_attributes(table: str) -> tuple[Attribute, ...]:
    """The attributes in a table with the columns id, ko, vi and en; a word listed for several stands for the first.

    Raises:
        ValueError: The table is invalid; the message names the problem and, if possible, the line.
    """
    return tuple(Attribute(id_, spellings) for _, (id_,), spellings in _rows(table, "id"))


def tables_checksum() -> int:
    """A checksum of the tables."""
    return zlib.crc32("".join(map(_read, ("entities.tsv", "attributes.tsv"))).encode())


def _kind(kind: str, where: str) -> EntityKind:
    if kind not in set(EntityKind):
        raise ValueError(f"{where}: no kind is called {kind!r}; there are {', '.join(EntityKind)}")
    return EntityKind(kind)


def _require_one_meaning(found: list[Entity]) -> None:
    for language in Language:
        meant: dict[str, str] = {}
        for entity in found:
            for spelling in entity.spellings[language]:
                if meant.setdefault(spelling, entity.id) != entity.id:
                    raise ValueError(f"{spelling!r} is a spelling of {meant[spelling]} and of {entity.id}")


def _read(file: str) -> str:
    return resources.files("assistant.core.entities").joinpath(file).read_text(encoding="utf-8")


def _rows(
    table: str, *fields: str
) -> Iterator[tuple[str, tuple[str, ...], Mapping[Language, tuple[str, ...]]]]:
    """Each line's location, fields and spellings."""
    heads, *lines = nfc(table).splitlines()
    languages = (Language.KO, Language.VI, Language.EN)
    if heads.split("\t") != [*fields, *languages]:
        raise ValueError(f"the columns have to be {', '.join((*fields, *languages))}")
    ids: set[str] = set()
    for n, line in enumerate(lines, 2):
        where, columns = f"line {n}", line.split("\t")
        if len(columns) != len(fields) + len(languages) or not all(columns):
            raise ValueError(
                f"{where}: {len(fields) + len(languages)} columns are needed, none of them empty"
            )
        if not _ID.fullmatch(columns[0]) or columns[0] in ids:
            raise ValueError(f"{where}: {columns[0]!r} is no id, or one that is taken")
        ids.add(columns[0])
        spellings = [tuple(column.split("|")) for column in columns[len(fields) :]]
        yield where, tuple(columns[: len(fields)]), dict(zip(languages, spellings, strict=True))
