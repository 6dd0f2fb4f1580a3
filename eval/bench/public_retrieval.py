"""Retrieval on public reading sets: this product's ranking against alternatives built on the same vectors.

Every method ranks the same documents for the same questions with the same embedder; a document scores as its
best passage. The peers' dense vectors keep their language directions, as in plain use of the model.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import Embedder, FloatArray
from assistant.core.errors import EvalError
from assistant.core.lexical import query_terms, term_weights
from assistant.core.moments import Moments
from assistant.core.text import sentence_spans
from assistant.core.words import terms
from assistant.retrieval.fusion import fuse_scores, weight
from assistant.retrieval.rerank import Reranker
from assistant.retrieval.retriever import passage_score
from assistant.retrieval.scale import language_stats
from eval.dataset.public_sets import Reading, readings
from eval.measures.statistics import mean
from eval.systems.extra import peers_extra

Scores = NDArray[np.float64]

_K1, _B = 1.2, 0.75
_RRF = 60


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the questions, 0 to 1, with the 95 % bootstrap interval of ``r1``."""

    n: int
    r1: float
    r5: float
    mrr10: float
    ndcg10: float
    low: float
    high: float


class CachedVectors:
    """An embedder's raw vectors; each text is embedded once, however many sets and methods use it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = self.tokens = embedder
        self._known: dict[tuple[bool, str], FloatArray] = {}
        self.without_directions = embedder.without_directions

    def raw_queries(self, texts: Sequence[str]) -> FloatArray:
        """As the embedder's."""
        return self._raw(texts, self._embedder.raw_queries, is_query=True)

    def raw_passages(self, texts: Sequence[str]) -> FloatArray:
        """As the embedder's."""
        return self._raw(texts, self._embedder.raw_passages, is_query=False)

    def _raw(
        self, texts: Sequence[str], embed: Callable[[Sequence[str]], FloatArray], *, is_query: bool
    ) -> FloatArray:
        new = [text for text in dict.fromkeys(texts) if (is_query, text) not in self._known]
        self._known |= {(is_query, text): vector for text, vector in zip(new, embed(new), strict=True)}
        return np.stack([self._known[is_query, text] for text in texts])


def lines(data: Path, embedder: CachedVectors, reranker: Reranker | None) -> Iterator[str]:
    """A line for each set and method, as it is measured.

    Raises:
        EvalError: A set is missing, or LangChain's packages are not installed.
    """
    yield "set            method        n   R@1  (95 %)          R@5    MRR@10  nDCG@10"
    for name, reading in readings(data).items():
        for method, q in compare(reading, embedder, reranker):
            interval = f"({q.low:.3f}–{q.high:.3f})"
            yield f"{name:14} {method:9} {q.n:5}  {q.r1:.3f} {interval:15}  {q.r5:.3f}  {q.mrr10:.3f}   {q.ndcg10:.3f}"


def compare(
    reading: Reading, embedder: CachedVectors, reranker: Reranker | None = None
) -> Iterator[tuple[str, Quality]]:
    """The quality of each method on one set, as it is measured; with a reranker, also of this product's reranked results.

    Raises:
        EvalError: LangChain's packages are not installed.
    """
    with peers_extra():
        from eval.systems.langchain_peer import hybrid
    found = _Vectors(reading, embedder)
    yield "this", quality(ours := found.ours(), reading.gold)
    if reranker:
        yield "reranked", quality(_reranked(ours, reading, reranker), reading.gold)
    yield "dense", quality(dense := found.dense(), reading.gold)
    yield "BM25", quality(lexical := found.lexical(), reading.gold)
    yield "RRF", quality(_rrf(dense, lexical), reading.gold)
    yield "LangChain", quality(hybrid(reading, embedder), reading.gold)


def quality(scores: Scores, gold: Sequence[int]) -> Quality:
    """Recall, MRR and nDCG of rankings with one right document per question; ties count against the ranking.

    Args:
        scores: Shape (questions, documents).
        gold: The index of each question's right document.
    """
    own = scores[np.arange(len(gold)), list(gold)][:, None]
    ranks = (scores >= own).sum(1)
    top = ranks <= 10
    first = (ranks == 1).astype(float)
    found = mean(first.tolist())
    if found is None:
        raise EvalError("A set without questions cannot be measured.")
    return Quality(
        len(gold),
        found.value,
        float((ranks <= 5).mean()),
        float(np.where(top, 1 / ranks, 0).mean()),
        float(np.where(top, 1 / np.log2(ranks + 1), 0).mean()),
        found.low,
        found.high,
    )


class _Vectors:
    """One set's passages with vectors and terms, computed once for all methods."""

    def __init__(self, reading: Reading, embedder: CachedVectors) -> None:
        self._reading, self._embedder = reading, embedder
        self._texts, owners = reading.passages(embedder.tokens)
        self._firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        self._languages = [reading.languages[owner] for owner in owners]

    def ours(self) -> Scores:
        """Scores as in ``assistant.retrieval.retriever``, with every passage a candidate."""
        asked, languages = self._reading.question_language, np.array(self._languages)
        queries, passages = (
            self._embedder.without_directions(raw)
            for raw in (
                self._embedder.raw_queries(self._reading.questions),
                self._embedder.raw_passages(self._texts),
            )
        )
        spans = [[p[start:end] for start, end in sentence_spans(p)] or [p] for p in self._texts]
        owners = np.array([i for i, sentences in enumerate(spans) for _ in sentences])
        flat = [sentence for sentences in spans for sentence in sentences]
        vectors = self._embedder.without_directions(self._embedder.raw_passages(flat))
        dense, lexical = (np.zeros((len(queries), len(passages))) for _ in range(2))
        for language in dict.fromkeys(self._languages):
            rows, of_rows = np.flatnonzero(languages == language), languages[owners] == language
            stats = language_stats({language: Moments.of(passages[rows])})[language]
            sentence_stats = language_stats({language: Moments.of(vectors[of_rows])})[language]
            for q, query in enumerate(queries):
                best = np.full(len(passages), -1.0)
                np.maximum.at(best, owners[of_rows], vectors[of_rows] @ query)
                whole = (passages[rows] @ query).astype(float)
                dense[q, rows] = passage_score(
                    whole, best[rows], stats.scale(query), sentence_stats.scale(query)
                )
            words = [set(query_terms(question, asked, language)) for question in self._reading.questions]
            lexical[:, rows] = _lexical_scores([term_weights(self._texts[i], language) for i in rows], words)
        weights = {language: weight(asked, language) for language in self._languages}
        return self._of_documents(
            np.stack(
                [fuse_scores(d, x, self._languages, weights) for d, x in zip(dense, lexical, strict=True)]
            )
        )

    def dense(self) -> Scores:
        """Plain cosine similarity of the model's vectors."""
        questions = self._embedder.raw_queries(self._reading.questions)
        return self._of_documents((questions @ self._embedder.raw_passages(self._texts).T).astype(float))

    def lexical(self) -> Scores:
        """Okapi BM25 alone, with document frequencies per language.

        Documents without a shared term keep their order.
        """
        found = np.zeros((len(self._reading.questions), len(self._texts)))
        words = [
            set(terms(question, self._reading.question_language)) for question in self._reading.questions
        ]
        for language in dict.fromkeys(self._languages):
            rows = [i for i, other in enumerate(self._languages) if other is language]
            counts = [Counter(terms(self._texts[i], language)) for i in rows]
            average = sum(count.total() for count in counts) / len(counts)
            norms = [_K1 * (1 - _B + _B * count.total() / average) for count in counts]
            weights = [
                {term: n * (_K1 + 1) / (n + norm) for term, n in count.items()}
                for count, norm in zip(counts, norms, strict=True)
            ]
            found[:, rows] = _lexical_scores(weights, words)
        scores = self._of_documents(found)
        return scores - 1e-9 * np.arange(scores.shape[1])

    def _of_documents(self, scores: Scores) -> Scores:
        best: Scores = np.maximum.reduceat(scores, self._firsts, axis=1)
        return best


def _reranked(scores: Scores, reading: Reading, reranker: Reranker) -> Scores:
    """The scores with those of each question's best documents reassigned in the reranker's order."""
    placed = scores.copy()
    for q, question in enumerate(reading.questions):
        best = np.argsort(-scores[q], kind="stable")[: reranker.n_passages]
        order = reranker.order(question, [reading.documents[i] for i in best])
        placed[q, best[order]] = scores[q, best]
    return placed


def _rrf(dense: Scores, lexical: Scores) -> Scores:
    """Reciprocal rank fusion of both, k = 60, as in most tutorials."""
    first, second = (
        1 / (_RRF + 1 + np.argsort(np.argsort(-scores, axis=1), axis=1)) for scores in (dense, lexical)
    )
    fused: Scores = first + second
    return fused


def _lexical_scores(weights: Sequence[Mapping[str, float]], queries: Sequence[set[str]]) -> Scores:
    """Term weights times inverse document frequency, computed as in the index, summed over a query's terms.

    Args:
        weights: Term weights of each passage.
        queries: Terms of each query.
    """
    postings: dict[str, list[tuple[int, float]]] = {}
    for i, passage in enumerate(weights):
        for term, value in passage.items():
            postings.setdefault(term, []).append((i, value))
    scores = np.zeros((len(queries), len(weights)))
    for q, words in enumerate(queries):
        for term in words & postings.keys():
            found = postings[term]
            idf = math.log(1 + (len(weights) - len(found) + 0.5) / (len(found) + 0.5))
            rows, values = zip(*found, strict=True)
            scores[q, list(rows)] += idf * np.array(values)
    return scores
