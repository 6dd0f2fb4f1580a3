"""Fuses dense and lexical scores.

The weight of the lexical ones is fitted per pair of languages, ``python -m eval fit fusion``.
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
    """The hits with their fused scores; best first, the newer article on a tie."""
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
    """Convex fusion: dense scores stretched to 0..1 over all passages, lexical ones within each language only.

    Args:
        dense: In standard deviations, shape (passages,).
        lexical: BM25, shape (passages,).
        languages: Of each passage.
        weights: What the lexical score counts for in passages of a language, 0 to 1.
    """
    fused = _stretch(dense, alike=1)
    for language in dict.fromkeys(languages):
        rows = [i for i, other in enumerate(languages) if other is language]
        share, found = weights[language], lexical[rows]
        fused[rows] = (1 - share) * fused[rows] + share * _stretch(found, alike=int(found.max() > 0))
    return fused


def weight(question: Language, passage: Language) -> float:
    """What the lexical score counts for between a question and passages of these languages, 0 to 1."""
    return _weights()[f"{question}-{passage}"]


@cache
def _weights() -> Mapping[str, float]:
    stored: Mapping[str, float] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return stored


def _stretch(scores: NDArray[np.float64], alike: int) -> NDArray[np.float64]:
    """The scores between 0 and 1; ``alike`` where they do not differ, as those of a single passage."""
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.full(len(scores), float(alike))
