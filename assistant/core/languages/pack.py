"""A language's rules as one validated object, read from its folder.

``rules.toml`` holds regular expressions and lengths, ``kinds.toml`` the words that ask for a kind of figure,
and ``figures.toml`` the vocabulary of figures, which ``assistant.core.figures.grammar`` reads.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, NonNegativeInt, model_validator

from assistant.core.languages.language import Language


def _checked(rule: Any) -> re.Pattern[str]:
    """A rule's expression, tested against its examples."""
    if not isinstance(rule, Mapping) or rule.keys() != {"pattern", "finds", "misses"}:
        raise ValueError("a rule has a pattern, and texts that it finds and misses")
    words = rule["pattern"]  # a long one is a list of pieces
    pattern = re.compile(words if isinstance(words, str) else "".join(words))
    check_examples(pattern, rule["finds"], rule["misses"])
    return pattern


def check_examples(pattern: re.Pattern[str], finds: Sequence[str], misses: Sequence[str]) -> None:
    """Test an expression against texts it must and must not find, at least one of each.

    Raises:
        ValueError: An example fails, or there is none.
    """
    if not finds or not misses:
        raise ValueError(f"{pattern.pattern!r} needs a text that it finds and one that it misses")
    for text in (*finds, *misses):
        if (pattern.search(text) is not None) is not (text in finds):
            raise ValueError(f"{pattern.pattern!r} {'does not find' if text in finds else 'finds'} {text!r}")


Rule = Annotated[re.Pattern[str], BeforeValidator(_checked)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Home(_Part):
    """The country assumed if an article names none, as an entity id and ISO 4217 code; empty for no country."""

    entity: str
    currency: str


class Lengths(_Part):
    """Lengths of contexts in characters; ``average_terms`` of a passage in terms."""

    near: NonNegativeInt
    clause_before: NonNegativeInt
    clause_after: NonNegativeInt
    window: NonNegativeInt
    average_terms: NonNegativeInt


class Sentences(_Part):
    """How sentences depend on the previous one, and split into clauses."""

    leans: Rule
    clause_end: Rule


class FollowUps(_Part):
    """How a question refers to the previous one."""

    takes_up: Rule
    points_back: Rule
    frame: Rule
    asks_again: Rule
    year_before: Rule
    year_after: Rule


class AskedUnit(_Part):
    """How a question names the unit it asks for: right after a match, or as the won under another name."""

    unit: Rule
    currency: Rule
    won: Rule


class Comparison(_Part):
    """Questions that compare two things; ``parts`` has the groups ``one`` and ``other``."""

    asks: Rule
    smaller: Rule
    parts: Rule


class Overview(_Part):
    """Questions about a topic across several articles."""

    asks: Rule


class Courtesy(_Part):
    """Greetings and thanks."""

    word: Rule
    head: Rule


class Written(_Part):
    """What a generated sentence must and must not look like."""

    foreign: Rule
    statement: Rule
    question: Rule
    doubled: Rule


class Dates(_Part):
    """Decades, quarters and half-years, in lower case; ``quarter`` has the groups quarter, half and year."""

    decade: Rule
    quarter: Rule


class Figures(_Part):
    """What is not a figure, in lower case: names containing a number, addresses, other calendars."""

    none: Rule


class Titles(_Part):
    """What a title reveals about its article."""

    correction: Rule


class KindRule(_Part):
    """Regular expressions for words that ask for certain kinds of figures; ``kinds`` has the likeliest first."""

    kinds: tuple[str, ...]
    words: tuple[str, ...]
    finds: tuple[str, ...]
    misses: tuple[str, ...]

    @model_validator(mode="after")
    def _check(self) -> "KindRule":
        check_examples(re.compile("|".join(self.words), re.IGNORECASE), self.finds, self.misses)
        return self


class Kinds(_Part):
    """Which kind of figure a question asks for; ``kinds.toml`` explains each field."""

    amount: tuple[str, ...]
    other: tuple[str, ...]
    tail: str
    year: tuple[str, ...]
    day: tuple[str, ...]
    at_most: tuple[str, ...]
    at_least: tuple[str, ...]
    phrases: tuple[KindRule, ...]
    nouns: tuple[KindRule, ...]


class Pack(_Part):
    """Everything language-specific except figures and user-visible texts."""

    home: Home
    lengths: Lengths
    sentences: Sentences
    follow_ups: FollowUps
    asked: AskedUnit
    comparison: Comparison
    overview: Overview
    courtesy: Courtesy
    written: Written
    titles: Titles
    periods: Mapping[str, Rule]
    rates: Mapping[str, Rule]
    dates: Dates
    figures: Figures
    kinds: Kinds


@cache
def pack(language: Language) -> Pack:
    """The rules of a language.

    Raises:
        ValidationError: A rule is missing, unknown, or fails one of its examples; the message names it.
    """
    return Pack.model_validate({**load_table(language, "rules"), "kinds": load_table(language, "kinds")})


def load_table(language: Language, name: str) -> dict[str, Any]:
    """A language's TOML file as a dictionary."""
    folder = resources.files("assistant.core.languages").joinpath(language.value)
    return tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
