"""Retrieves passages by score fusion of dense and lexical search.

Dense search runs per article language, on one scale; lexical search matches words only within the question's
language. A passage's dense score is half its own and half its best sentence's: a paragraph covers much, but
the answer is in one sentence. On the public sets of ``python -m eval bench retrieval`` that lifts R@1 by 3 to
8 points where words cannot help.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.core.archive import Archive
from assistant.core.embedding import FloatArray
from assistant.core.languages import Language
from assistant.core.lexical import query_vector
from assistant.core.records import Hit
from assistant.core.rows import EmbeddedPassage
from assistant.question.understand import Question
from assistant.retrieval.fusion import fuse
from assistant.retrieval.rerank import Reranker
from assistant.retrieval.scale import FloatOrArray, LanguageStats, Scale, language_stats

_CANDIDATES = 40
_SAME = 0.95
"""Cosine from which two passages of one story count as saying the same; a correction does not."""
_TRANSLATED = 0.9
"""The same across languages."""
_ALIKE = 0.9
"""Cosine from which two passages of a daily series say the same about different days."""
_SENTENCE_SHARE = 0.5
"""The best sentence's share of the dense score; 0.3 to 0.7 do about as well."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits, best first, with their passages' vectors; ``stats`` put sentence scores on one scale."""

    hits: tuple[Hit, ...]
    passages: Mapping[str, EmbeddedPassage]
    query: FloatArray
    stats: Mapping[Language, LanguageStats]


class Retriever:
    """Searches an archive, including articles added since the retriever was built."""

    def __init__(self, archive: Archive, *, n_passages: int, reranker: Reranker | None = None) -> None:
        self._archive, self._index = archive, archive.require_index()
        self._n_passages, self._reranker = n_passages, reranker
        self._generation = -1
        self._stats: tuple[Mapping[Language, LanguageStats], Mapping[Language, LanguageStats]] = ({}, {})
        self._current_stats()

    def retrieve(self, question: Question) -> Retrieved:
        """The best passages for a question, at most ``n_passages``.

        Articles removed during the search are left out.

        Raises:
            SettingsError: Another process has rebuilt the archive with another embedder.
            ServiceError: The store or the index fails.
        """
        query = self._archive.embedder.query(question.standalone)
        stats, sentence_stats = self._current_stats()
        languages = [language for language in question.filters.languages or stats if language in stats]
        dense = {
            language: self._index.dense(query, language, question.filters, _CANDIDATES)
            for language in languages
        }
        terms = {
            language: query_vector(question.standalone, question.language, language) for language in languages
        }
        lexical = {
            language: self._index.lexical(terms[language], language, question.filters, _CANDIDATES)
            for language in languages
        }
        scores = {found.passage_id: found.score for hits in lexical.values() for found in hits}
        passages = self._archive.store.passages(
            {found.passage_id for hits in dense.values() for found in hits} | scores.keys(), is_read=False
        )
        articles = {
            a.id: a for a in self._archive.store.articles({p.passage.article_id for p in passages.values()})
        }
        scales = {
            language: (stats[language].scale(query), sentence_stats[language].scale(query))
            for language in stats
        }
        hits = []
        for passage_id, embedded in passages.items():
            article = articles.get(embedded.passage.article_id)
            if article is None or article.language not in stats:
                continue  # removed or added while this question is being answered
            nearest = float((embedded.sentences_dense @ query).max())
            score = passage_score(float(query @ embedded.dense), nearest, *scales[article.language])
            hits.append(Hit(article, embedded.passage, dense=score, lexical=scores.get(passage_id, 0.0)))
        ranked = _one_a_story(fuse(hits, question.language), passages, question.language)
        ranked = _one_of_a_series(ranked, passages, question)
        if self._reranker:
            ranked = self._reranker.reranked(question.standalone, ranked)
        whole = self._archive.store.read_passages([hit.passage.id for hit in ranked[: self._n_passages]])
        best = tuple(
            replace(hit, article=whole[hit.passage.id][0], passage=whole[hit.passage.id][1].passage)
            for hit in ranked
            if hit.passage.id in whole
        )
        return Retrieved(best, {id_: passage for id_, (_, passage) in whole.items()}, query, sentence_stats)

    def _current_stats(self) -> tuple[Mapping[Language, LanguageStats], Mapping[Language, LanguageStats]]:
        if self._generation != (generation := self._archive.store.generation()):
            self._archive.store.require_current()
            moments = self._archive.store.moments()
            self._stats = (
                language_stats({language: passages for language, (passages, _) in moments.items()}),
                language_stats({language: sentences for language, (_, sentences) in moments.items()}),
            )
            self._generation = generation
        return self._stats


def passage_score(
    cosine: FloatOrArray, best_sentence: FloatOrArray, passages: Scale, sentences: Scale
) -> FloatOrArray:
    """The dense score of a passage, in standard deviations, from its own cosine and its best sentence's."""
    return (1 - _SENTENCE_SHARE) * passages.zscore(cosine) + _SENTENCE_SHARE * sentences.zscore(best_sentence)


def _one_a_story(
    hits: Sequence[Hit], passages: Mapping[str, EmbeddedPassage], language: Language
) -> list[Hit]:
    """Of the hits that say the same in articles of one story, keep one: the best in the reader's language, else the best.

    It takes the place and score of the best.
    """
    kept: list[Hit] = []

    def says_the_same(hit: Hit, other: Hit) -> bool:
        one, two = hit.article, other.article
        if one.story_id != two.story_id or one.id == two.id:
            return False
        cosine = float(passages[hit.passage.id].dense @ passages[other.passage.id].dense)
        return cosine >= (_SAME if one.language is two.language else _TRANSLATED)

    for hit in hits:
        same = next((i for i, other in enumerate(kept) if says_the_same(hit, other)), None)
        if same is None:
            kept.append(hit)
        elif hit.article.language is language is not kept[same].article.language:
            kept[same] = replace(hit, score=kept[same].score)
    return kept


def _one_of_a_series(
    hits: Sequence[Hit], passages: Mapping[str, EmbeddedPassage], question: Question
) -> list[Hit]:
    """Of near-identical hits in a daily series, keep the one of the day that the question names, else the newest.

    A series is articles with the same publisher and title but different dates.
    """
    days = {figure.date for figure in question.figures if figure.date}

    def rank(hit: Hit) -> tuple[bool, date]:
        published = hit.article.published or date.min
        return published.isoformat() in days or f"XXXX-{published:%m-%d}" in days, published

    def says_the_same(hit: Hit, other: Hit) -> bool:
        one, two = hit.article, other.article
        is_series = (
            one.id != two.id
            and (one.title, one.publisher) == (two.title, two.publisher)
            and one.published != two.published
        )
        return (
            is_series and float(passages[hit.passage.id].dense @ passages[other.passage.id].dense) >= _ALIKE
        )

    return [
        hit
        for hit in hits
        if not any(says_the_same(hit, other) and rank(other) > rank(hit) for other in hits)
    ]
