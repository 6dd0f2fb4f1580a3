"""Sparse BM25 vectors: the words of a text, cut as its language cuts them.

The index multiplies in the inverse document frequency (its IDF modifier), counted within one language; here stands the term
frequency part of Okapi BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75).
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from assistant.core.text import Language, nfc

VERSION = "1"

_K1 = 1.2
_B = 0.75
_AVERAGE_TERMS = {Language.KO: 90, Language.VI: 200, Language.EN: 100}
"""Terms of an average passage, fixed so that a passage's vector does not change when others are added."""

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*%?")
_KIWI_TAGS = ("N", "V", "XR", "SL", "SH", "SN", "SW", "MM")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term numbers (32 bits, ascending) and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def passage_vector(text: str, language: Language) -> SparseVector:
    """Saturated term frequencies of a passage."""
    counts = Counter(terms(text, language))
    norm = _K1 * (1 - _B + _B * counts.total() / _AVERAGE_TERMS[language])
    return _vector({term: n * (_K1 + 1) / (n + norm) for term, n in counts.items()}, language)


def query_vector(text: str, language: Language) -> SparseVector:
    """Weight 1 for every distinct term of a question, cut as passages of that language are."""
    return _vector(dict.fromkeys(terms(text, language), 1.0), language)


def terms(text: str, language: Language) -> list[str]:
    """The terms of a text: Korean morphemes with content, Vietnamese syllables and syllable pairs, English words; numbers whole."""
    return [term for term, _ in placed_terms(nfc(text), language)]


def placed_terms(text: str, language: Language) -> list[tuple[str, int]]:
    """The terms of an NFC text, each with the offset where it begins."""
    return _TERMS[language](text)


def _vector(weights: dict[str, float], language: Language) -> SparseVector:
    by_index: dict[int, float] = {}
    for term, weight in weights.items():
        index = zlib.crc32(f"{language}\0{term}".encode())
        by_index[index] = max(weight, by_index.get(index, 0.0))
    indices = tuple(sorted(by_index))
    return SparseVector(indices, tuple(by_index[i] for i in indices))


def _words(text: str) -> list[tuple[str, int]]:
    return [(match.group().lower(), match.start()) for match in _WORD.finditer(text)]


def _syllables_and_pairs(text: str) -> list[tuple[str, int]]:
    syllables = _words(text)
    return syllables + [(f"{a} {b}", at) for (a, at), (b, _) in pairwise(syllables)]


def _morphemes(text: str) -> list[tuple[str, int]]:
    tokens = _kiwi().tokenize(text)
    return [(token.form.lower(), token.start) for token in tokens if token.tag.startswith(_KIWI_TAGS) and token.form.strip()]


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # takes a second and 100 MB: only once Korean text is met

    return Kiwi(load_multi_dict=False, load_typo_dict=False)


_TERMS: dict[Language, Callable[[str], list[tuple[str, int]]]] = {
    Language.KO: _morphemes,
    Language.VI: _syllables_and_pairs,
    Language.EN: _words,
}


def proper_names(text: str, language: Language) -> list[str]:
    """Proper names and foreign words of a text as written: Korean by morpheme tags, otherwise words with a capital."""
    text = nfc(text)
    if language is Language.KO:
        return [token.form for token in _kiwi().tokenize(text) if token.tag in {"NNP", "SL"}]
    words = re.finditer(r"(?P<first>^\W*|[.?!]\s+)?(?P<word>[^\W\d_](?:[\w.\-]*\w)?)", text)
    # A capital tells a name but at a sentence's start, unless more capitals follow.
    named = (m["word"] for m in words if m["word"][0].isupper() and (m["first"] is None or any(map(str.isupper, m["word"][1:]))))
    return list(named)
