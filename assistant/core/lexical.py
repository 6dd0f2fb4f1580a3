"""Sparse BM25 vectors over words and over names, attributes and figures in a language-independent form.

The index multiplies in the inverse document frequency (its IDF modifier), computed per language; this module
supplies the term frequency part of Okapi BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75). Words match
only within a language; listed names, attributes and exact figures also match across languages: 17퍼센트, 17 %
and 17 phần trăm are one term.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.core.entities import find_attributes, mentions, tables_checksum
from assistant.core.figures import Figure, exact_strings, read_figures
from assistant.core.languages import Language, pack
from assistant.core.records import Span
from assistant.core.text import nfc
from assistant.core.words import terms

_K1 = 1.2
_B = 0.75


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (32 bits, ascending) and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def version() -> str:
    """Version of the index terms; it changes with the entity tables."""
    return f"5-{tables_checksum():08x}"


def passage_vector(text: str, language: Language, sentences: Sequence[Span]) -> SparseVector:
    """Saturated term frequencies of a passage's words and shared terms, from what was read of its sentences."""
    words = [term for span in sentences for term, _ in span.terms]
    figures = [figure for span in sentences for figure in span.figures]
    return _vector(_saturated(words, _shared(nfc(text), language, figures), language), language)


def query_vector(text: str, language: Language, target: Language) -> SparseVector:
    """Weight 1 for every distinct query term usable against passages in the target language."""
    return _vector(dict.fromkeys(query_terms(text, language, target), 1.0), target)


def query_terms(text: str, language: Language, target: Language) -> list[str]:
    """The question's terms usable in the target language; words are included only if that is its own language."""
    return [*(terms(text, language) if target is language else []), *shared_terms(text, language)]


def term_weights(text: str, language: Language) -> dict[str, float]:
    """The BM25 term frequency part for each term of a passage."""
    return _saturated(terms(text, language), shared_terms(text, language), language)


def shared_terms(text: str, language: Language) -> list[str]:
    """The listed names, attributes and exact figures in a text, in a form common to all languages."""
    text = nfc(text)
    return _shared(text, language, read_figures(text, language))


def _saturated(words: Sequence[str], shared: Sequence[str], language: Language) -> dict[str, float]:
    # A fixed average length, so that a passage's vector does not change when others are added
    norm = _K1 * (1 - _B + _B * len(words) / pack(language).lengths.average_terms)
    return {term: n * (_K1 + 1) / (n + norm) for term, n in Counter([*words, *shared]).items()}


def _shared(text: str, language: Language, figures: Iterable[Figure]) -> list[str]:
    found = [f"name {name.id}" for _, name in mentions(text, language)]
    found += [f"attribute {attribute.id}" for attribute in find_attributes(text, language)]
    values = ((figure, exact_strings(figure)[0]) for figure in figures)
    return found + [f"{figure.kind} {value} {figure.unit}" for figure, value in values if value]


def _vector(weights: dict[str, float], language: Language) -> SparseVector:
    by_index: dict[int, float] = {}
    for term, weight in weights.items():
        index = zlib.crc32(f"{language}\0{term}".encode())
        by_index[index] = max(weight, by_index.get(index, 0.0))
    indices = tuple(sorted(by_index))
    return SparseVector(indices, tuple(by_index[i] for i in indices))
