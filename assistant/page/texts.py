"""The page's texts, from each language's folder."""

from collections.abc import Mapping

from assistant.core.languages import Language, load_table

_TABLES = {language: load_table(language, "page") for language in Language}
EXAMPLES = {language: tuple(words["examples"]) for language, words in _TABLES.items()}
"""Questions that the sample articles answer."""
LANGUAGE_NAMES = {language: words["name"] for language, words in _TABLES.items()}


def texts(part: str) -> Mapping[str, Mapping[Language, str]]:
    """The texts of a part of the page, ``chat`` or ``articles``, by key and language."""
    keys = _TABLES[Language.EN][part]
    return {key: {language: words[part][key] for language, words in _TABLES.items()} for key in keys}


TEXTS = texts("chat")


def preferred_language(accept_language: str) -> Language:
    """The first supported language in an ``Accept-Language`` header, else English."""
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in set(Language):
            return Language(tag)
    return Language.EN
