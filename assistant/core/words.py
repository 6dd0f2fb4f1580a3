"""Tokenisation into words, by the rules of each language."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

from assistant.core.languages import Language
from assistant.core.text import nfc

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*%?")
_KIWI_TAGS = ("N", "V", "XR", "SL", "SH", "SN", "SW", "MM")


def terms(text: str, language: Language) -> list[str]:
    """The terms of a text: Korean content morphemes, Vietnamese syllables and syllable pairs, English words; numbers whole."""
    return [term for term, _ in placed_terms(nfc(text), language)]


def placed_terms(text: str, language: Language) -> list[tuple[str, int]]:
    """The terms of an NFC text, each with its start offset."""
    return _TERMS[language](text)


def _words(text: str) -> list[tuple[str, int]]:
    return [(match.group().lower(), match.start()) for match in _WORD.finditer(text)]


def _syllables_and_pairs(text: str) -> list[tuple[str, int]]:
    syllables = _words(text)
    return syllables + [(f"{a} {b}", at) for (a, at), (b, _) in pairwise(syllables)]


def _morphemes(text: str) -> list[tuple[str, int]]:
    tokens = _kiwi().tokenize(text)
    return [
        (token.form.lower(), token.start)
        for token in tokens
        if token.tag.startswith(_KIWI_TAGS) and token.form.strip()
    ]


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # takes a second and 100 MB: only for Korean text

    return Kiwi(load_multi_dict=False, load_typo_dict=False)


_TERMS: dict[Language, Callable[[str], list[tuple[str, int]]]] = {
    Language.KO: _morphemes,
    Language.VI: _syllables_and_pairs,
    Language.EN: _words,
}


def proper_names(text: str, language: Language) -> list[str]:
    """Proper names and foreign words as written: by morpheme tags in Korean, by capitals in the other languages."""
    text = nfc(text)
    if language is Language.KO:
        return [token.form for token in _kiwi().tokenize(text) if token.tag in {"NNP", "SL"}]
    words = re.finditer(r"(?P<first>^\W*|[.?!]\s+)?(?P<word>[^\W\d_](?:[\w.\-]*\w)?)", text)
    # A capital marks a name except at the start of a sentence, where the word needs a second capital.
    named = (
        m["word"]
        for m in words
        if m["word"][0].isupper() and (m["first"] is None or any(map(str.isupper, m["word"][1:])))
    )
    return list(named)
