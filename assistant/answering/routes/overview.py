"""Overview questions (a topic across articles, what changed in it): each article's best sentences, oldest first."""

from collections.abc import Sequence
from datetime import date

from assistant.core.entities import find_attributes
from assistant.core.languages import pack
from assistant.core.records import Evidence
from assistant.core.words import terms
from assistant.question.understand import Question
from assistant.retrieval.evidence import is_about, near, share

_AS_GOOD = 0.6
"""Share of the best sentence's score that a sentence needs to be on the same topic."""
_TIE = 0.95
"""Share of the score of its article's best sentence from which another one is as good."""
_MIN_SHARE = 0.55
"""Share of the question's words that an on-topic text in its language has, if the question has no name."""
_MIN_ATTRIBUTES = 2
"""Attributes needed instead for a text in another language: "research" alone is not a topic."""
_MAX_SENTENCES, _MIN_SENTENCES = 5, 3


def wants_overview(question: Question) -> bool:
    """Whether a question asks for more than a single sentence can state."""
    return pack(question.language).overview.asks.search(question.text) is not None


def overview(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence of every article on the topic, and those as good, oldest first; further ones if they are few.

    Empty if no article is on the topic, judged by the question's names and attributes or, in its own language,
    its words.
    """
    telling = [item for item in evidence if _tells_of(question, item)]
    fitting = [item for item in telling if item.score >= _AS_GOOD * telling[0].score]
    best = {item.article.id: item for item in reversed(fitting)}
    chosen = list(best.values())[::-1][:_MAX_SENTENCES]
    as_good = [
        item for item in fitting if item.score >= _TIE * best[item.article.id].score and item not in chosen
    ]
    chosen += as_good[: _MAX_SENTENCES - len(chosen)]
    chosen += [item for item in fitting if item not in chosen][: max(0, _MIN_SENTENCES - len(chosen))]
    return sorted(chosen, key=lambda item: (item.article.published or date.min, item.article.id, item.start))


def _tells_of(question: Question, item: Evidence) -> bool:
    context, language = near(item), question.language
    topic = pack(language).overview.asks.sub(" ", question.standalone)
    attributes = find_attributes(topic, language)
    if any(not name.is_country for name in question.names):
        return is_about(item, question)
    if not (is_about(item, question) and all(attribute.is_in(context) for attribute in attributes)):
        return False
    if item.article.language is language:
        return bool(question.names) or share(terms(topic, language), terms(context, language)) >= _MIN_SHARE
    return bool(question.names) or len(attributes) >= _MIN_ATTRIBUTES
