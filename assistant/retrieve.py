"""Finds the passages for a question: dense per article language on one scale, lexical within the question's, fused on scores."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.core.archive import Archive
from assistant.core.articles import EmbeddedPassage
from assistant.core.embedding import FloatArray
from assistant.core.index import ScoredPassage
from assistant.core.lexical import query_vector
from assistant.core.records import Filters, Hit
from assistant.core.text import Language
from assistant.question import Question, understand

MIN_PASSAGES = 30
"""A language with fewer passages takes the archive's statistics: its own would be chance."""

MIN_SPREAD = 0.015
"""Least standard deviation of cosines taken for real: in a handful of passages it is chance, in a single one 0."""

_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class LanguageStats:
    """Mean, shape (dimensions,), and covariance, shape (dimensions, dimensions), of a language's passage vectors."""

    mean: FloatArray
    covariance: FloatArray

    def zscore(self, query: FloatArray, cosine: float) -> float:
        """A cosine as standard deviations above what the language's passages have for this query.

        The mean score of a query q is q·m and its variance qᵀCq, exactly, so nothing has to be sampled.
        """
        spread = math.sqrt(max(0.0, float(query @ self.covariance @ query)))
        return (cosine - float(query @ self.mean)) / max(spread, MIN_SPREAD)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits, best first, with their passages' vectors and what puts sentence scores on one scale."""

    hits: tuple[Hit, ...]
    passages: Mapping[str, EmbeddedPassage]
    query: FloatArray
    stats: Mapping[Language, LanguageStats]


class Retriever:
    """Searches an archive, articles added meanwhile included."""

    def __init__(self, archive: Archive, *, n_passages: int, lexical_weight: float) -> None:
        self._archive, self._index = archive, archive.require_index()
        self._n_passages, self._lexical_weight = n_passages, lexical_weight
        self._generation = -1
        self._stats: Mapping[Language, LanguageStats] = {}
        self._current_stats()

    def retrieve(self, question: Question) -> Retrieved:
        """The best passages for a question, at most ``n_passages``; articles removed meanwhile are left out."""
        query = self._archive.embedder.query(question.standalone)
        stats = self._current_stats()
        languages = [language for language in question.filters.languages or stats if language in stats]
        dense = {language: self._index.dense(query, language, question.filters, _CANDIDATES) for language in languages}
        lexical: list[ScoredPassage] = []
        if question.language in languages:
            terms = query_vector(question.standalone, question.language)
            lexical = self._index.lexical(terms, question.language, question.filters, _CANDIDATES)
        zscores = {
            found.passage_id: stats[language].zscore(query, found.score) for language, hits in dense.items() for found in hits
        }
        return self._hits(query, stats, zscores, {found.passage_id: found.score for found in lexical}, question.language)

    def _current_stats(self) -> Mapping[Language, LanguageStats]:
        if self._generation != (generation := self._archive.store.generation()):
            self._stats = language_stats(self._archive.store.vectors())
            self._generation = generation
        return self._stats

    def _hits(
        self,
        query: FloatArray,
        stats: Mapping[Language, LanguageStats],
        zscores: Mapping[str, float],
        lexical: Mapping[str, float],
        language: Language,
    ) -> Retrieved:
        passages = self._archive.store.passages(zscores.keys() | lexical.keys())
        articles = {a.id: a for a in self._archive.store.articles({p.passage.article_id for p in passages.values()})}
        hits = []
        for passage_id, embedded in passages.items():
            article = articles.get(embedded.passage.article_id)
            if article is None or article.language not in stats:
                continue  # removed or added while this question is answered
            z = zscores.get(passage_id)
            if z is None:
                z = stats[article.language].zscore(query, float(query @ embedded.dense))
            hits.append(Hit(article, embedded.passage, dense=z, lexical=lexical.get(passage_id, 0.0)))
        fused = fuse(hits, language, self._lexical_weight)[: self._n_passages]
        return Retrieved(tuple(fused), passages, query, stats)


def language_stats(vectors: Mapping[Language, FloatArray]) -> dict[Language, LanguageStats]:
    """Mean and covariance per language; languages with few passages get the whole archive's.

    Args:
        vectors: Per language unit vectors, shape (passages, dimensions).
    """
    if not vectors:
        return {}
    everything = _moments(np.concatenate(list(vectors.values())))
    return {language: _moments(v) if len(v) >= MIN_PASSAGES else everything for language, v in vectors.items()}


def fuse(hits: Sequence[Hit], question_language: Language, lexical_weight: float) -> list[Hit]:
    """Convex fusion of dense and lexical scores, each stretched to 0..1; best first, the newer article on a tie.

    Lexical scores mean something only within the question's language; a passage of another language is ranked by its dense score.
    """
    dense = _stretch([hit.dense for hit in hits])
    lexical = _stretch([hit.lexical for hit in hits])
    fused = []
    for hit, d, x in zip(hits, dense, lexical, strict=True):
        weight = lexical_weight if hit.article.language is question_language else 0.0
        fused.append(replace(hit, score=(1 - weight) * d + weight * x))
    return sorted(fused, key=lambda h: (-h.score, -(h.article.published.toordinal() if h.article.published else 0), h.passage.id))


class NewsRetriever(BaseRetriever):
    """Our retriever as LangChain's: documents are passages with their offsets as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    retriever: Retriever
    filters: Filters = Filters()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        return [
            Document(
                hit.article.text[hit.passage.start : hit.passage.end],
                id=hit.passage.id,
                metadata={
                    "article_id": hit.article.id,
                    "title": hit.article.title,
                    "publisher": hit.article.publisher,
                    "published": str(hit.article.published or ""),
                    "language": str(hit.article.language),
                    "url": hit.article.url,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "score": hit.score,
                },
            )
            for hit in self.retriever.retrieve(understand(query, filters=self.filters)).hits
        ]


def _moments(vectors: FloatArray) -> LanguageStats:
    mean = vectors.mean(0)
    centred = vectors - mean
    return LanguageStats(mean, centred.T @ centred / len(vectors))


def _stretch(scores: Sequence[float]) -> list[float]:
    if not scores:
        return []
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]
