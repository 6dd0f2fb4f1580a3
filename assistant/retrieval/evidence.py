"""Selects the sentences in the retrieved passages that may contain the answer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from assistant.core.languages import pack
from assistant.core.records import Evidence, Hit
from assistant.core.spans import read_span
from assistant.core.text import sentence_spans
from assistant.question.understand import Question
from assistant.retrieval.retriever import Retrieved

_PASSAGE_WEIGHT = 0.3
_LEXICAL_WEIGHT = 0.3
_KIND_BONUS = 0.15
_NAMES_BONUS = 0.3
_N_SENTENCES = 24
"""Number of evidence sentences passed on to the readers."""
_Z_RANGE = 6.0
"""Standard deviations above the mean at which a sentence counts as a full match."""


def select_evidence(question: Question, retrieved: Retrieved) -> list[Evidence]:
    """The best sentences of the hits, best first.

    A sentence is scored by its own nearness to the question, its passage's score, the question's words in it
    (if both are in the same language), whether it contains a figure of an expected kind, and how many of the
    question's names occur in it or its title.
    """
    found = {
        (e.article.id, e.start): e for hit in retrieved.hits for e in _sentences(hit, question, retrieved)
    }
    ranked = sorted(found.values(), key=lambda e: (-e.score, e.article.id, e.start))
    return list({item.quote: item for item in reversed(ranked)}.values())[::-1][:_N_SENTENCES]


def with_neighbour(item: Evidence) -> Evidence:
    """A sentence, merged with the previous one if it cannot stand alone ("이는 …", "Con số này …")."""
    article = item.article
    if not pack(article.language).sentences.leans.search(item.quote):
        return item
    before = [
        start
        for start, end in sentence_spans(article.text, article.body_start, item.start)
        if end <= item.start
    ]
    return replace(item, span=read_span(article, before[-1], item.end)) if before else item


def is_about(evidence: Evidence, question: Question) -> bool:
    """Whether the article has all the question's names, one of them (countries aside) prominently.

    Prominently: in the title or the lead, or near the sentence. A question without such a name passes.
    """
    text = f"{evidence.article.title}\n{evidence.article.text}"
    if not all(name.is_in(text) for name in question.names):
        return False
    things = [name for name in question.names if not name.is_country]
    start = evidence.article.body_start
    lead = evidence.article.text[start : start + pack(evidence.article.language).lengths.near]
    return not things or any(name.is_in(f"{lead}\n{near(evidence)}") for name in things)


def near(evidence: Evidence) -> str:
    """The sentence with its title, its table's header, and the text just before it, for pronouns' antecedents."""
    text = evidence.article.text
    before = text[max(0, evidence.start - pack(evidence.article.language).lengths.near) : evidence.end]
    return f"{evidence.article.title}\n{evidence.span.header}\n{before}"


def share(asked: Collection[str], found: Iterable[str]) -> float:
    """The share of the asked terms that are found, 0 to 1."""
    return len(set(asked).intersection(found)) / len(asked) if asked else 0.0


def _sentences(hit: Hit, question: Question, retrieved: Retrieved) -> Iterator[Evidence]:
    embedded = retrieved.passages[hit.passage.id]
    stats = retrieved.stats[hit.article.language]
    for span, vector in zip(hit.passage.sentences, embedded.sentences_dense, strict=True):
        nearness = stats.zscore(retrieved.query, float(retrieved.query @ vector))
        item = Evidence(hit.article, span, 0.0, nearness, hit.score, vector)
        score = (1 - _PASSAGE_WEIGHT) * nearness / _Z_RANGE + _PASSAGE_WEIGHT * hit.score
        if hit.article.language is question.language:
            score = (1 - _LEXICAL_WEIGHT) * score + _LEXICAL_WEIGHT * share(
                question.focus, (term for term, _ in span.terms)
            )
        if any(figure.kind in question.answer_type.kinds for figure in item.figures):
            score += _KIND_BONUS
        if question.names:
            about = f"{hit.article.title}\n{item.quote}"
            score += _NAMES_BONUS * sum(name.is_in(about) for name in question.names) / len(question.names)
        yield replace(item, score=score)
