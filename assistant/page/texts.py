"""The page's texts, from each language's folder, and days as each language writes them."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel.dates import format_date, format_datetime

from assistant.core.languages import Language, load_table

Words = Mapping[Any, Callable[[Language], Any]]
"""For each component with text, what changes it to a language."""
_TABLES = {language: load_table(language, "page") for language in Language}
EXAMPLES = {language: tuple(words["examples"]) for language, words in _TABLES.items()}
"""Questions that the sample articles answer."""
LANGUAGE_NAMES = {language: words["name"] for language, words in _TABLES.items()}


def texts(part: str) -> Mapping[str, Mapping[Language, str]]:
    """The texts of a part of the page, such as ``chat`` or ``articles``, by key and language."""
    keys = _TABLES[Language.EN][part]
    return {key: {language: words[part][key] for language, words in _TABLES.items()} for key in keys}


TEXTS = texts("chat")
REASONS = texts("reasons")
"""Why a reader may judge an answer wrong, by the name that is stored."""


def gradio_words(language: Language) -> dict[str, str]:
    """What Gradio says in any of the languages, with what it is in this one."""
    return {
        said: by_language[language]
        for by_language in texts("gradio").values()
        for said in by_language.values()
    }


def day(on: date | str | None, language: Language) -> str:
    """A day, or one in ISO format, as the language writes it; says so if it is not known."""
    if not on:
        return TEXTS["undated"][language]
    return format_date(date.fromisoformat(on) if isinstance(on, str) else on, "medium", locale=language)


def ingest_error(reason: str, language: Language) -> str:
    """Why a source was not taken up, in a language; ``ingest`` says it in English."""
    for said, translated in _ingest_errors(language):
        if match := said.fullmatch(reason):
            return translated.format(*match.groups())
    return reason


@cache
def _ingest_errors(language: Language) -> list[tuple[re.Pattern[str], str]]:
    """What each English reason is in a language; the one with the most words of its own comes first."""
    table: dict[str, str] = load_table(language, "ingest_errors")
    return [
        (re.compile("(.*?)".join(map(re.escape, said.split("{}"))), re.DOTALL), table[said])
        for said in sorted(table, key=len, reverse=True)
    ]


def moment(at: datetime, language: Language) -> str:
    """A time in this machine's zone, as the language writes it."""
    return format_datetime(at.astimezone(), "short", locale=language)


def preferred_language(accept_language: str) -> Language:
    """The first supported language in an ``Accept-Language`` header, else English."""
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in set(Language):
            return Language(tag)
    return Language.EN
