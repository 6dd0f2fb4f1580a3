"""Term overlap of question and text: names and attributes across languages, words within the question's own."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.core.entities import Name
from assistant.core.figures import Figure
from assistant.core.languages import Language, pack
from assistant.core.records import Evidence
from assistant.question.understand import Question

_CROSSED = 40.0
"""Distance, in characters, added per clause boundary between a word and a figure."""
_AFTER = 2.0
"""Distance factor for a word after a figure: what a figure counts is mostly named before it."""


class TermOverlap:
    """How many of a question's names, attributes and words a text shares, weighted by rarity in the evidence."""

    def __init__(self, question: Question, evidence: Sequence[Evidence]) -> None:
        self._names: tuple[Name, ...] = (*question.names, *question.attributes)
        self._words = tuple(sorted(question.focus))
        self._language = question.language
        self._found = {
            item: self._places(item.quote, item.article.language, item.span.terms) for item in evidence
        }
        # A word cannot occur in a sentence in another language: its rarity is taken among those in its own.
        n_same = sum(item.article.language is question.language for item in evidence)
        totals = np.array([len(evidence)] * len(self._names) + [n_same] * len(self._words), float)
        have = np.array(
            [[bool(places) for places in found] for found in self._found.values()], float
        ).reshape(len(evidence), -1)
        self._weights = np.log1p(totals / np.maximum(have.sum(0), 1))

    def share(self, text: str, language: Language, terms: Sequence[tuple[str, int]]) -> float:
        """The weighted share, 0 to 1, of the question's terms that occur in a text tokenised into ``terms``."""
        return self._share([bool(places) for places in self._places(text, language, terms)], language)

    def share_of_sentence(self, item: Evidence) -> float:
        """The weighted share of the question's terms that occur in an evidence sentence."""
        return self._share([bool(places) for places in self._found[item]], item.article.language)

    def share_of_figure(self, item: Evidence, figure: Figure, others: Sequence[Figure]) -> float:
        """The weighted share of the question's terms that are nearer to a figure than to others in its sentence."""
        bounds = [m.start() for m in pack(item.article.language).sentences.clause_end.finditer(item.quote)]
        nearest = [
            any(min((*others, figure), key=lambda f: _distance(f, at, bounds)) is figure for at in places)
            for places in self._found[item]
        ]
        return self._share(nearest, item.article.language)

    def _share(self, has: Sequence[bool], language: Language) -> float:
        usable = self._usable(language)
        total = float((self._weights * usable).sum())
        return float((self._weights * usable) @ np.array(has, float)) / total if total else 1.0

    def _usable(self, language: Language) -> NDArray[np.float64]:
        return np.array([1.0] * len(self._names) + [float(language is self._language)] * len(self._words))

    def _places(self, text: str, language: Language, terms: Sequence[tuple[str, int]]) -> list[list[int]]:
        names = [name.starts(text) for name in self._names]
        if language is not self._language:
            return names + [[] for _ in self._words]
        return names + [[at for term, at in terms if term == word] for word in self._words]


def _distance(figure: Figure, at: int, bounds: Sequence[int]) -> float:
    first, last = min(at, figure.end), max(at, figure.start)
    crossed = sum(first < bound < last for bound in bounds)
    return (figure.start - at if at < figure.end else _AFTER * (at - figure.end + 1)) + _CROSSED * crossed
