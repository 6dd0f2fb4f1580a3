"""Names of the field and attributes of things in three languages, and those in a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.core.lexical import proper_names
from assistant.core.text import Language, nfc

_COLUMNS = (Language.KO, Language.VI, Language.EN)
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
    def is_country(self) -> bool:
        """Whether it names a country or a region: an article from there need not name it."""
        return self.spellings[0] in _countries()

    def is_in(self, text: str) -> bool:
        """Whether a text has the name in any spelling, without regard to case, or all the names that it is made of."""
        if any(_spelling(spelling).search(text) for spelling in self.spellings):
            return True
        return bool(self.parts) and all(part.is_in(text) for part in self.parts)


def find_names(text: str, language: Language) -> tuple[Name, ...]:
    """The names of a text, longest first where they overlap: those of the list, then words that look like names."""
    text = nfc(text)
    found: list[Name] = []
    rest = text
    for spelling, spellings in _spellings()[language].items():
        if match := _spelling(spelling).search(rest):
            parts = tuple(Name(p, every) for p, every in _spellings()[language].items() if p != spelling and _is_part(p, spelling))
            found.append(Name(match.group(), spellings, parts))
            rest = _spelling(spelling).sub(" ", rest)
    # An unknown name must still stand whole in what is left: "Quốc" of "Trung Quốc" does not.
    unknown = (
        word
        for word in proper_names(text, language)
        if len(word) > 1 and word.lower() not in _NOT_NAMES and _spelling(word).search(rest)
    )
    return tuple(found) + tuple(Name(word, (word,)) for word in dict.fromkeys(unknown))


def find_attributes(text: str, language: Language) -> tuple[Name, ...]:
    """What a question asks about a thing, its revenue or its fine, with the words for it in all languages."""
    text = nfc(text)
    table = _spellings("attributes.tsv")[language]
    found = [(match.group(), every) for word, every in table.items() if (match := _spelling(word).search(text))]
    return tuple(Name(word, every) for word, every in found)


def _is_part(part: str, name: str) -> bool:
    return len(part) < len(name) and _spelling(part).search(name) is not None


@cache
def _spelling(spelling: str) -> re.Pattern[str]:
    # Hangul takes endings without a space but begins a word; other scripts need word boundaries, short acronyms their capitals.
    flags = re.NOFLAG if len(spelling) <= 3 else re.IGNORECASE
    if re.match(r"[A-Za-zÀ-ỹ]", spelling):
        return re.compile(rf"(?<![A-Za-zÀ-ỹ]){re.escape(spelling)}(?:['’]s)?(?![A-Za-zÀ-ỹ])", flags)
    words = r"\s?".join(map(re.escape, spelling.split()))  # compounds are written with and without spaces
    return re.compile(rf"(?<![가-힣]){words}")


@cache
def _spellings(file: str = "names.tsv") -> Mapping[Language, Mapping[str, tuple[str, ...]]]:
    """Per language the spellings of a list, longest first, each with all spellings of the name."""
    tables: dict[Language, dict[str, tuple[str, ...]]] = {language: {} for language in _COLUMNS}
    for columns in _rows(file):
        every = tuple(dict.fromkeys(spelling for column in columns for spelling in column))
        for language, column in zip(_COLUMNS, columns, strict=True):
            # Names are often left in Latin letters, so the English spelling is looked for in every language.
            tables[language] |= dict.fromkeys(dict.fromkeys((*column, *columns[-1])), every)
    return {language: dict(sorted(table.items(), key=lambda row: -len(row[0]))) for language, table in tables.items()}


@cache
def _countries() -> frozenset[str]:
    return frozenset(columns[0][0] for columns in _rows("names.tsv", "# Countries and regions"))


def _rows(file: str, section: str | None = None) -> Iterator[list[list[str]]]:
    """The entries of a list, or those of its sections of one title."""
    title = ""
    for line in resources.files("assistant.core").joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            title = line
        elif line and section in (None, title):
            yield [column.split("|") for column in nfc(line).split("\t")]
