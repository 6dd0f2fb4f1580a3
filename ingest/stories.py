"""Which articles tell the same story: the same text, a named origin, or the same content within days, across languages."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from assistant.core.articles import ArticleStore, EmbeddedPassage
from assistant.core.records import Article

SAME_STORY_COSINE = 0.97
"""Cosine of two articles' mean vectors above which they tell one story; set so that no two unrelated sample articles pass."""

SAME_STORY_WITHIN = timedelta(days=7)


def text_digest(text: str) -> str:
    """SHA-256 of a text without regard to white space: equal for copies of an article."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def story_of(article: Article, passages: Sequence[EmbeddedPassage], store: ArticleStore) -> str:
    """The story that an article belongs to: that of a stored article which tells the same, else one of its own."""
    if story_id := store.story_by_origin(article):
        return story_id
    if article.published is None or not passages:
        return article.id
    total = np.sum([p.dense for p in passages], axis=0)
    mean = total / np.linalg.norm(total)
    others = store.article_vectors(article.published - SAME_STORY_WITHIN, article.published + SAME_STORY_WITHIN)
    near = [(float(mean @ vector), story_id) for other_id, story_id, vector in others if other_id != article.id]
    cosine, story_id = max(near, default=(0.0, ""))
    return story_id if cosine >= SAME_STORY_COSINE else article.id
