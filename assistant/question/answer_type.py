"""Determines the expected answer type of a question, by its language's word rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.core.figures import Kind, Unit, unit_of
from assistant.core.languages import KindRule, Language, pack
from assistant.core.text import nfc, without_marks

HINTS = ("year", "day", "at_most", "at_least")

AMOUNT = (Kind.MONEY, Kind.COUNT, Kind.PERCENT, Kind.DURATION, Kind.PARAMETER, Kind.TOKEN)
"""Kinds that "how much" may ask for if no noun narrows it down."""


@dataclass(frozen=True, slots=True)
class AnswerType:
    """The kinds of figure that may answer a question, likeliest first; empty if it asks for no figure.

    ``unit`` is empty if the question names none; ``hints`` are among ``year``, ``day``, ``at_most`` and
    ``at_least``.
    """

    kinds: tuple[Kind, ...] = ()
    unit: str = ""
    hints: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether the question asks for a figure."""
        return bool(self.kinds)


@dataclass(frozen=True, slots=True)
class _Rule:
    kinds: tuple[Kind, ...]
    words: re.Pattern[str]
    bare: re.Pattern[str]
    """The words without the context required around them."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of one language."""

    phrases: tuple[_Rule, ...]
    nouns: tuple[_Rule, ...]
    amount: re.Pattern[str]
    other: re.Pattern[str]
    hints: Mapping[str, re.Pattern[str]]
    last_noun: bool

    def kinds(self, text: str) -> tuple[Kind, ...]:
        if found := next((rule.kinds for rule in self.phrases if rule.words.search(text)), None):
            return found
        is_amount = self.amount.search(text) is not None
        if not is_amount and self.other.search(text):
            return ()
        nouns = sorted(self._nouns(text), key=lambda found: found[:2])
        if nouns:
            return nouns[-1 if self.last_noun else 0][2]
        return AMOUNT if is_amount and not self.other.search(text) else ()

    def any_noun(self, text: str) -> tuple[Kind, ...]:
        """The kinds of the first noun that denotes a figure, in whatever context."""
        found = ((match.start(), rule.kinds) for rule in self.nouns if (match := rule.bare.search(text)))
        return min(found, key=lambda pair: pair[0], default=(0, ()))[1]

    def _nouns(self, text: str) -> Iterator[tuple[int, int, tuple[Kind, ...]]]:
        for rule in self.nouns:
            for match in rule.words.finditer(text):
                yield match.end() if self.last_noun else match.start(), -match.start(), rule.kinds


def expected_answer_type(text: str, language: Language, *, anywhere: bool = False) -> AnswerType:
    """The kinds of figure that a question asks for, and their unit.

    With ``anywhere``, any noun that may denote a figure counts if no other rule applies.
    """
    text = nfc(text)
    is_bare = language is Language.VI and text == without_marks(text)
    rules, unit = _rules(language, is_bare=is_bare), _unit_asked(text, language)
    kinds = rules.kinds(text) or (rules.any_noun(text) if anywhere else ())
    hints = frozenset(hint for hint, words in rules.hints.items() if words.search(text))
    if unit and (unit.kind in kinds or not kinds):
        # "몇 년" names a unit of time but may still ask for the year.
        rest = tuple(kind for kind in kinds if kind is not unit.kind)
        is_date = Kind.DATE in rest
        return AnswerType((unit.kind, *rest) if not is_date else kinds, "" if is_date else unit.name, hints)
    return AnswerType(kinds, "", hints)


def asks_for_no_figure(text: str, language: Language) -> bool:
    """Whether a question asks for something other than a figure: a reason, a person, a place."""
    text = nfc(text)
    is_bare = language is Language.VI and text == without_marks(text)
    return _rules(language, is_bare=is_bare).other.search(text) is not None


def _unit_asked(text: str, language: Language) -> Unit | None:
    """The unit that a question names: "몇 명", "bao nhiêu quốc gia", "how many federal policy actions", "in euros"."""
    rules = pack(language).asked
    if rules.won.search(text):
        return Unit(Kind.MONEY, "KRW")
    for pattern in (rules.currency, rules.unit):
        match = pattern.search(text)
        unit = unit_of(text[match.end() :], language) if match else None
        if unit and unit.name:
            return unit
    return None


@cache
def _rules(language: Language, *, is_bare: bool) -> _Rules:
    """The rules of a language; ``is_bare`` strips diacritics, to match Vietnamese typed without them."""
    kinds = pack(language).kinds
    written = without_marks if is_bare else str

    def pattern(words: Sequence[str], before: str = "", after: str = "") -> re.Pattern[str]:
        return re.compile(f"{before}(?:{'|'.join(map(written, words))}){after}", re.IGNORECASE)

    def rule(row: KindRule, before: str = "", after: str = "") -> _Rule:
        return _Rule(tuple(map(Kind, row.kinds)), pattern(row.words, before, after), pattern(row.words))

    around = ("", kinds.tail) if kinds.tail else (r"(?<!\w)", r"(?!\w)")
    return _Rules(
        tuple(map(rule, kinds.phrases)),
        tuple(rule(row, *around) for row in kinds.nouns),
        pattern(kinds.amount),
        pattern(kinds.other),
        {hint: pattern(getattr(kinds, hint)) for hint in HINTS},
        last_noun=bool(kinds.tail),
    )
