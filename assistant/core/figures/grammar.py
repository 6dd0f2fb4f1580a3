"""The vocabulary around digits: one table per language, and one shared by all."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Generic, TypeVar

from assistant.core.figures.figure import COUNTERS, Kind
from assistant.core.languages import Language, load_table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """The meaning of a unit word; values are multiplied by ``factor`` (a gigabyte is 10⁹ bytes)."""

    kind: Kind
    name: str
    factor: Decimal = Decimal(1)


class Lexicon(Generic[T]):
    """Words with a meaning, looked up at a text position, longest first."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        """Index the words by their first character."""
        self._by_first: dict[str, list[tuple[str, T]]] = {}
        for word in sorted(meanings, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append((word, meanings[word]))

    def __iter__(self) -> Iterator[str]:
        """All words."""
        return (word for entries in self._by_first.values() for word, _ in entries)

    def at(self, text: str, position: int) -> Iterable[tuple[str, T]]:
        """The words found at a position of the text, longest first, with their meanings."""
        candidates = self._by_first.get(text[position : position + 1], ())
        return (entry for entry in candidates if text.startswith(entry[0], position))


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's number words, units and particles.

    ``numbers`` and ``scales`` are the language's own. ``any_scales`` are those of all languages, because
    after digits an amount in another language's notation is unambiguous ("1조 위안" in a Vietnamese text).
    ``measures`` are the units that have a sign, ``nouns`` the words for counted things, and ``written`` maps
    each unit to its word in this language. ``pairs`` are words for "n or n + 1", keyed to n. ``signs`` are
    case-sensitive; everything else is in lower case.
    """

    language: Language
    numbers: Lexicon[int]
    pairs: Lexicon[int]
    native: Lexicon[int]
    ordinals: Lexicon[int]
    number_words: tuple[str, ...]
    scales: Mapping[str, Decimal]
    words: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, Any]
    relative_dates: Lexicon[str]
    times: Mapping[str, tuple[str, ...]]
    every: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[Unit, Decimal]]
    suffixes: Mapping[str, Decimal]
    prefixes: Mapping[str, str]
    versioned: tuple[str, ...]
    any_scales: Lexicon[Decimal]
    units: Lexicon[Unit]
    signs: Lexicon[Unit]
    measures: frozenset[str]
    nouns: tuple[str, ...]
    written: Mapping[tuple[Kind, str], str]


@cache
def grammar(language: Language) -> Grammar:
    """A language's tables, with those of the other languages as a fallback."""
    own, signs = load_table(language, "figures"), _signs()
    tables = [own, *(load_table(other, "figures") for other in Language if other is not language)]
    foreign = {
        word.lower(): unit
        for one in tables[:0:-1]
        for word, unit in _units(one)
        if len(word) > 1 or not word.isalpha()
    }
    units = foreign | {word.lower(): unit for word, unit in _units(own)}
    scales = {word: Decimal(value) for one in reversed(tables) for word, value in one["scales"].items()}
    return Grammar(
        language,
        Lexicon(own["numbers"]),
        Lexicon(own.get("pairs", {})),
        Lexicon(own.get("native", {})),
        Lexicon(own.get("ordinals", {})),
        _number_words(own),
        {word: _power(value) for word, value in own["scales"].items()},
        {name: tuple(words) for name, words in own["words"].items()},
        own["dates"],
        Lexicon(own["dates"]["relative"]),
        {name: tuple(words) for name, words in own["times"].items()},
        {name: tuple(words) for name, words in own["every"].items()},
        {word: _phrase(meaning) for word, meaning in own["phrases"].items()},
        {word: _power(value) for word, value in _longest_first(signs["suffixes"] | own.get("suffixes", {}))},
        signs["prefixes"] | {code: code for code in signs["units"]["money"]},
        tuple(word.lower() for word in signs["names"]["versioned"]),
        Lexicon({word: _power(int(value)) for word, value in scales.items()}),
        Lexicon(units),
        Lexicon(dict(_units(signs))),
        frozenset(unit.name for _, unit in _units(signs) if unit.kind is Kind.COUNT),
        tuple(word.lower() for word, unit in _units(own) if _is_noun(word, unit)),
        _written(own, signs),
    )


def _number_words(own: Mapping[str, Any]) -> tuple[str, ...]:
    """The words that a spelled-out number may begin with."""
    words = [*own["numbers"], *own.get("native", {}), *own.get("ordinals", {})]
    if not own.get("native"):
        return (*words, *(f"{word}s" for word in own["scales"] if word.isascii()))
    return (*words, *own["scales"])


def _is_noun(word: str, unit: Unit) -> bool:
    """Whether a Korean unit word may also precede the number, with a counter after it: GPU 5만 장."""
    return (
        unit.kind in (Kind.COUNT, Kind.PARAMETER, Kind.TOKEN)
        and len(word) > 1
        and not word.startswith(("개", "명", "건", "대", "장", "곳", "기의"))
    )


def _written(own: Mapping[str, Any], signs: Mapping[str, Any]) -> dict[tuple[Kind, str], str]:
    """How the language writes each unit: measures by their sign ("kWh"), others by the first word in its own table.

    Only Korean has a counter for unnamed things; in the other languages it would usually be the wrong one.
    """
    signed = [
        (word, unit)
        for word, unit in _units(signs)
        if unit.kind is Kind.COUNT and unit.name not in signs["names"]["spelled"]
    ]
    written: dict[tuple[Kind, str], str] = {}
    for word, unit in (*signed, *_units(own), *_units(signs)):
        if unit.factor == 1 and (unit.name not in COUNTERS or own.get("native")):
            written.setdefault((unit.kind, unit.name), word.strip())
    return written


def _signs() -> dict[str, Any]:
    """The table shared by all languages."""
    signs = resources.files("assistant.core.figures").joinpath("signs.toml")
    return tomllib.loads(signs.read_text(encoding="utf-8"))


def _units(table: Mapping[str, Any]) -> Iterable[tuple[str, Unit]]:
    for kind, units in table["units"].items():
        for name, words in units.items():
            unit = Unit(Kind.BYTE, "byte", Decimal(name)) if kind == Kind.BYTE else Unit(Kind(kind), name)
            yield from ((word, unit) for word in words)


def _phrase(meaning: str) -> tuple[Unit, Decimal]:
    kind, value, unit = meaning.split()
    over, _, under = value.partition("/")
    return Unit(Kind(kind), unit), Decimal(over) / Decimal(under or 1)


def _longest_first(words: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(words.items(), key=lambda entry: -len(entry[0]))


def _power(value: int) -> Decimal:
    """The scale with trailing zeros moved into the exponent, so that products stay exact."""
    return Decimal(value).normalize()
