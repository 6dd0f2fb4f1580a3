"""Recognises greetings, thanks and lines without a word, which need no search."""

import re

from assistant.core.languages import Language, pack
from assistant.core.text import detect_language, nfc

_WORD = re.compile(r"[^\W_]+")


def courtesy(text: str) -> Language | None:
    """The language of a line that is only courtesies or has no words; None for a question."""
    line = nfc(text).lower()
    words = _WORD.findall(line)
    if not words:
        return detect_language(line)
    if not any(pack(language).courtesy.head.search(line) for language in Language):
        return None
    written_in = detect_language(line)
    fitting = [language for language in Language if all(map(pack(language).courtesy.word.search, words))]
    return written_in if written_in in fitting else next(iter(fitting), None)
