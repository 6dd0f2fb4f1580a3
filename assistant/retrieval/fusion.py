"""Fuses dense and lexical scores.

The lexical weight is fitted per language pair by ``python -m eval fit fusion``.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.languages import Language
from assistant.core.records import Hit

FILE = Path(__file__).with_name("fusion.toml")


def fuse(hits: Sequence[Hit], question_language: Language) -> list[Hit]:
    """The hits with their fused scores, best first; on a tie, the newer article first."""
    if not hits:
        return []
    languages = [hit.article.language for hit in hits]
    dense, lexical = (np.array([getattr(hit, name) for hit in hits]) for name in ("dense", "lexical"))
    scores = fuse_scores(
        dense, lexical, languages, {language: weight(question_language, language) for language in languages}
    )
    fused = [replace(hit, score=float(score)) for hit, score in zip(hits, scores, strict=True)]
    return sorted(
        fused,
        key=lambda h: (
            -h.score,
            -(h.article.published.toordinal() if h.article.published else 0),
            h.passage.id,
        ),
    )


def fuse_scores(
    dense: NDArray[np.float64],
    lexical: NDArray[np.float64],
    languages: Sequence[Language],
    weights: Mapping[Language, float],
) -> NDArray[np.float64]:
    """Convex combination of min-max scaled scores: dense over all passages, lexical within each language.

    Args:
        dense: In standard deviations, shape (passages,).
        lexical: BM25, shape (passages,).
        languages: One per passage.
        weights: Weight of the lexical score per passage language, 0 to 1.
    """
    fused = _stretch(dense, alike=1)
    for language in dict.fromkeys(languages):
        rows = [i for i, other in enumerate(languages) if other is language]
        share, found = weights[language], lexical[rows]
        fused[rows] = (1 - share) * fused[rows] + share * _stretch(found, alike=int(found.max() > 0))
    return fused


def weight(question: Language, passage: Language) -> float:
    """The weight of the lexical score for a question and passages in these languages, 0 to 1."""
    return _weights()[f"{question}-{passage}"]


@cache
def _weights() -> Mapping[str, float]:
    stored: Mapping[str, float] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return stored


def _stretch(scores: NDArray[np.float64], alike: int) -> NDArray[np.float64]:
    """Scores min-max scaled to 0..1; all ``alike`` if they do not differ, as with a single passage."""
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.full(len(scores), float(alike))
