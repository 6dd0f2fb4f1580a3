"""Fits the weight of lexical against dense scores, per language pair, on the development half of the cases."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.records import Hit
from assistant.question.understand import understand
from assistant.retrieval.fusion import FILE, fuse_scores
from assistant.retrieval.retriever import Retriever
from eval.dataset.cases import Case
from eval.systems.product import passage_of

_GRID = np.linspace(0, 0.7, 15)
_EVERY_PASSAGE = 100_000
_MOST_WITHIN, _MOST_ACROSS = 0.4, 0.05
"""Maximum weight of lexical scores within a language and across languages.

A small archive full of listed names overrates lexical scores, and above these limits retrieval on the public sets
gets worse (``python -m eval bench retrieval``)."""


def fit_fusion(archive: Archive, cases: Sequence[Case]) -> Path:
    """Choose and store, per question language, the weights with the best mean reciprocal rank of the first gold passage.

    Each grid point is averaged with its neighbours, so that one lucky question changes nothing. Pairs without
    cases get the mean of the other pairs within a language or across languages.
    """
    retriever = Retriever(archive, n_passages=_EVERY_PASSAGE)
    fitted: dict[tuple[Language, Language], float] = {}
    for asked in Language:
        examples = [
            example
            for case in cases
            if case.spans and case.language is asked
            for example in _example(retriever, case)
        ]
        if examples:
            languages = sorted({hit.article.language for hits, _ in examples for hit in hits})
            fitted |= {
                (asked, language): share
                for language, share in zip(languages, _best(examples, languages), strict=True)
            }
    lines = []
    for asked, language in product(Language, repeat=2):
        alike = [share for (q, p), share in fitted.items() if (q is p) is (asked is language)]
        most = _MOST_WITHIN if asked is language else _MOST_ACROSS
        lines.append(f"{asked}-{language} = {min(most, fitted.get((asked, language), fmean(alike))):.2f}")
    FILE.write_text(
        "# Question-passage, fitted by: python -m eval fit fusion\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    return FILE


def _example(retriever: Retriever, case: Case) -> list[tuple[tuple[Hit, ...], NDArray[np.bool_]]]:
    """The passages retrieved for a case and which of them contain a gold span; empty if none does."""
    hits = retriever.retrieve(understand(case.question, case.history)).hits
    gold = np.array([any(span.is_in(passage_of(hit)) for span in case.spans) for hit in hits])
    return [(hits, gold)] if gold.any() else []


def _best(
    examples: Sequence[tuple[Sequence[Hit], NDArray[np.bool_]]], languages: Sequence[Language]
) -> list[float]:
    quality = np.zeros((len(_GRID),) * len(languages))
    for place in np.ndindex(quality.shape):
        weights = {language: float(_GRID[i]) for language, i in zip(languages, place, strict=True)}
        quality[place] = fmean(_reciprocal_rank(hits, gold, weights) for hits, gold in examples)
    smooth = np.stack([_around(quality, place) for place in np.ndindex(quality.shape)]).reshape(quality.shape)
    return [float(_GRID[i]) for i in np.unravel_index(int(smooth.argmax()), quality.shape)]


def _around(quality: NDArray[np.float64], place: tuple[int, ...]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.asarray(quality[tuple(slice(max(0, i - 1), i + 2) for i in place)].mean())
    return mean


def _reciprocal_rank(hits: Sequence[Hit], gold: NDArray[np.bool_], weights: dict[Language, float]) -> float:
    dense, lexical = np.array([hit.dense for hit in hits]), np.array([hit.lexical for hit in hits])
    scores = fuse_scores(dense, lexical, [hit.article.language for hit in hits], weights)
    return 1 / float(1 + (scores > scores[gold].max()).sum())
