"""What the archive holds, as JSON types and as lines: one article, a list of them, and the state of everything."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from assistant.core.articles import ArticleStore
from assistant.core.figures import Contradiction
from assistant.core.records import Article, Filters
from assistant.core.text import nfc
from ingest.watch import watch_states


def found(store: ArticleStore, words: Sequence[str], filters: Filters) -> list[str]:
    """Ids of the articles, newest first, that pass the filters and have every word in title, publisher or text."""
    return store.ids(filters, partial(_has, words) if words else None)


def article_row(article: Article, contradictions: Sequence[Contradiction] = ()) -> dict[str, Any]:
    """An article without its text, as JSON types."""
    row = {
        name: str(value) if value is not None else None
        for name, value in asdict(article).items()
        if name not in ("text", "body_start", "version")
    }
    pairs = [
        [f"{amount.text} = {same.text}" for amount, same in (one.first, one.second)] for one in contradictions
    ]
    return row | {"version": article.version, "contradictions": pairs}


def list_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """An article's line in a list, and conversions in it that do not add up."""
    day = row["published"] or " " * len("2025-11-27")
    yield f"{row['id']}  {day}  {row['language']}  {row['publisher']}  {row['title']}"
    yield from (f"    does not add up: {'; '.join(pairs)}" for pairs in row["contradictions"])


def shown(store: ArticleStore, article: Article) -> dict[str, Any]:
    """An article with its text and the other articles that tell its story, as JSON types."""
    members = store.story_members([article.story_id])[article.story_id]
    others = [asdict(member) for member in members if member.article_id != article.id]
    contradictions = store.contradictions([article.id]).get(article.id, ())
    return article_row(article, contradictions) | {"others": others, "text": article.text}


def show_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """An article in full: what is known of it, the other articles that tell its story, and its text."""
    for name in (
        "title",
        "publisher",
        "author",
        "published",
        "updated",
        "language",
        "url",
        "origin",
        "relation",
    ):
        if row[name]:
            yield f"{name:10} {row[name]}"
    yield f"{'version':10} {row['version']}"
    yield from (f"{'add up':10} not: {'; '.join(pairs)}" for pairs in row["contradictions"])
    for other in row["others"]:
        yield f"{other['relation']:10} {other['article_id']}  {other['publisher']}  {other['title']}"
    yield ""
    yield row["text"].rstrip("\n")


def status(store: ArticleStore) -> dict[str, Any]:
    """Counts, sources by state, those that failed with the reason, and each followed source's last round."""
    ledger = store.ledger.rows()
    watched = {
        url: asdict(state) | {"checked": state.checked.isoformat()}
        for url, state in watch_states(store).items()
    }
    failed = {row.url: row.error for row in ledger if row.error}
    states = {str(state): n for state, n in Counter(row.state for row in ledger).items()}
    return store.counts() | {"states": states, "failed": failed, "watched": watched}


def status_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The state of the archive as lines."""
    for name, value in row.items():
        if isinstance(value, int):
            yield f"{name:10} {value}"
    yield from (f"{state:10} {n} sources" for state, n in row["states"].items())
    for url, state in row["watched"].items():
        counts = f"{state['new']} new, {state['changed']} changed, {state['failed']} failed"
        yield f"{url}  {state['checked'][:16]}  {counts}" + (f": {state['error']}" if state["error"] else "")
    yield from (f"{url}: {error}" for url, error in row["failed"].items())


def _has(words: Sequence[str], text: str) -> bool:
    """Whether a text has every word as a whole; case is ignored, and Korean words may take endings."""
    return all(
        re.search(rf"(?<!\w){re.escape(nfc(word))}(?:(?<=[가-힣])|(?!\w))", text, re.IGNORECASE)
        for word in words
    )
