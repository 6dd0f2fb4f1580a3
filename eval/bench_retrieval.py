"""Retrieval on public reading sets: this product's ranking beside what else could be built on the same vectors.

Every method ranks the same paragraphs for the same questions, from the same embedder. Dense vectors for the peers keep their
language directions, as a plain use of the model would.
"""

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError
from assistant.core.lexical import terms
from assistant.core.settings import AnswerSettings
from assistant.core.text import Language, sentence_spans
from assistant.retrieve import fuse_scores, language_stats, passage_score

Scores = NDArray[np.float64]

_SAMPLE = 1200
_K1, _B = 1.2, 0.75
_RRF = 60
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """Questions and the paragraphs that answer them; ``gold`` is the paragraph of each question."""

    paragraphs: tuple[str, ...]
    languages: tuple[Language, ...]
    questions: tuple[str, ...]
    question_language: Language
    gold: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares over the questions, 0 to 1, with the 95 % bootstrap interval of ``r1``."""

    n: int
    r1: float
    r5: float
    mrr10: float
    ndcg10: float
    low: float
    high: float


def readings(data: Path) -> dict[str, Reading]:
    """The sets by name: KorQuAD, XQuAD in Vietnamese and across languages, and the pool of both languages.

    Raises:
        EvalError: A file is not there.
    """
    korean = _squad(data / "korquad1" / "KorQuAD_v1.0_dev.json", Language.KO)
    chosen = random.Random(0).sample(range(len(korean.questions)), min(_SAMPLE, len(korean.questions)))  # noqa: S311
    vi, en = (_squad(data / "xquad" / f"xquad.{language}.json", language) for language in (Language.VI, Language.EN))
    odd = [i % 2 == 1 for i in range(len(vi.paragraphs))]
    pool = replace(
        vi,
        paragraphs=tuple(v if is_odd else e for v, e, is_odd in zip(vi.paragraphs, en.paragraphs, odd, strict=True)),
        languages=tuple(Language.VI if is_odd else Language.EN for is_odd in odd),
    )
    sets = {
        "KorQuAD": _only(korean, chosen),
        "XQuAD vi": vi,
        "XQuAD vi→en": replace(vi, paragraphs=en.paragraphs, languages=en.languages),
        "XQuAD en→vi": replace(en, paragraphs=vi.paragraphs, languages=vi.languages),
    }
    for asked in (vi, en):
        for language in (Language.VI, Language.EN):
            mixed = replace(pool, questions=asked.questions, question_language=asked.question_language)
            kept = [i for i, gold in enumerate(pool.gold) if pool.languages[gold] is language]
            sets[f"pool {asked.question_language}→{language}"] = _only(mixed, kept)
    return sets


def compare(reading: Reading, embedder: Embedder) -> dict[str, Quality]:
    """The quality of each method on one set."""
    found = _Vectors(reading, embedder)
    methods: dict[str, Callable[[], Scores]] = {"this": found.ours, "dense": found.dense, "BM25": found.lexical, "RRF": found.rrf}
    return {name: quality(method(), reading.gold) for name, method in methods.items()}


def quality(scores: Scores, gold: Sequence[int]) -> Quality:
    """Recall, reciprocal rank and nDCG of rankings with one right paragraph each; ties count against the ranking.

    Args:
        scores: Shape (questions, paragraphs).
        gold: The right paragraph of each question.
    """
    own = scores[np.arange(len(gold)), list(gold)][:, None]
    ranks = (scores >= own).sum(1)
    top = ranks <= 10
    first = (ranks == 1).astype(float)
    resampled = np.random.default_rng(0).choice(first, (_RESAMPLES, len(first))).mean(1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Quality(
        len(gold),
        float(first.mean()),
        float((ranks <= 5).mean()),
        float(np.where(top, 1 / ranks, 0).mean()),
        float(np.where(top, 1 / np.log2(ranks + 1), 0).mean()),
        float(low),
        float(high),
    )


class _Vectors:
    """One set's vectors and terms, made once for all methods."""

    def __init__(self, reading: Reading, embedder: Embedder) -> None:
        self._reading, self._embedder = reading, embedder
        self._queries = embedder.queries(reading.questions)
        self._passages = embedder.passages(reading.paragraphs)
        spans = [[p[start:end] for start, end in sentence_spans(p)] or [p] for p in reading.paragraphs]
        self._owners = [i for i, sentences in enumerate(spans) for _ in sentences]
        self._sentences = embedder.passages([sentence for sentences in spans for sentence in sentences])
        self._lexical = self._bm25()

    def ours(self) -> Scores:
        """As ``assistant.retrieve`` ranks, every paragraph a candidate."""
        languages = np.array(self._reading.languages)
        owners = np.array(self._owners)
        dense = np.zeros((len(self._queries), len(self._passages)))
        for language in dict.fromkeys(self._reading.languages):
            rows = np.flatnonzero(languages == language)
            of_rows = np.isin(owners, rows)
            stats = language_stats({language: self._passages[rows]})[language]
            sentence_stats = language_stats({language: self._sentences[of_rows]})[language]
            for q, query in enumerate(self._queries):
                scales = stats.scale(query), sentence_stats.scale(query)
                whole = self._passages[rows] @ query
                best = np.full(len(self._passages), -1.0)
                np.maximum.at(best, owners[of_rows], self._sentences[of_rows] @ query)
                for row, cosine in zip(rows, whole, strict=True):
                    dense[q, row] = passage_score(float(cosine), float(best[row]), *scales)
        same, weight = languages == self._reading.question_language, AnswerSettings().lexical_weight
        return np.stack([fuse_scores(d, x, same, weight) for d, x in zip(dense, self._lexical, strict=True)])

    def dense(self) -> Scores:
        """Cosines alone, as the model gives them."""
        questions = self._embedder.raw_queries(self._reading.questions)
        scores: Scores = (questions @ self._embedder.raw_passages(self._reading.paragraphs).T).astype(float)
        return scores

    def lexical(self) -> Scores:
        """BM25 alone; paragraphs without a shared term keep their order."""
        return self._lexical - 1e-9 * np.arange(self._lexical.shape[1])

    def rrf(self) -> Scores:
        """Reciprocal rank fusion of both, k = 60, as most tutorials build it."""
        dense, lexical = self.dense(), self.lexical()
        fused: Scores = sum(1 / (_RRF + 1 + np.argsort(np.argsort(-s, axis=1), axis=1)) for s in (dense, lexical))  # type: ignore[assignment]
        return fused

    def _bm25(self) -> Scores:
        """Okapi BM25 with each language's own document frequencies; a question's terms are cut as its language cuts them."""
        counts = [Counter(terms(p, lang)) for p, lang in zip(self._reading.paragraphs, self._reading.languages, strict=True)]
        scores = np.zeros((len(self._reading.questions), len(counts)))
        for language in dict.fromkeys(self._reading.languages):
            rows = [i for i, lang in enumerate(self._reading.languages) if lang is language]
            frequency = Counter(term for i in rows for term in counts[i])
            average = sum(counts[i].total() for i in rows) / len(rows)
            for q, question in enumerate(self._reading.questions):
                for term in set(terms(question, self._reading.question_language)):
                    n = frequency.get(term)
                    if n is None:
                        continue
                    idf = math.log(1 + (len(rows) - n + 0.5) / (n + 0.5))
                    for i in rows:
                        if tf := counts[i].get(term):
                            norm = _K1 * (1 - _B + _B * counts[i].total() / average)
                            scores[q, i] += idf * tf * (_K1 + 1) / (tf + norm)
        return scores


def _squad(file: Path, language: Language) -> Reading:
    try:
        articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    except OSError as exc:
        raise EvalError(
            f"The reading set cannot be read: {exc}. Name its folder: python -m eval bench retrieval --data DIR"
        ) from exc
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    asked = [(qa["question"], i) for i, paragraph in enumerate(paragraphs) for qa in paragraph["qas"]]
    return Reading(
        tuple(paragraph["context"] for paragraph in paragraphs),
        (language,) * len(paragraphs),
        tuple(question for question, _ in asked),
        language,
        tuple(i for _, i in asked),
    )


def _only(reading: Reading, kept: Sequence[int]) -> Reading:
    return replace(reading, questions=tuple(reading.questions[i] for i in kept), gold=tuple(reading.gold[i] for i in kept))
