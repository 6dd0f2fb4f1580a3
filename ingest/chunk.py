"""Splits an article into passages: runs of whole sentences, with exact offsets.

Lengths are measured in the embedder's own tokens. A sentence longer than the embedder sees (a run-together
table, a list) is split at white space.

Any change to the splitting must raise ``assistant.core.archive.CHUNKER``.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.core.records import Article, Passage, Span
from assistant.core.spans import read_span
from assistant.core.tabular import Row, row_at, rows_of
from assistant.core.text import sentence_spans

PASSAGE_TOKENS = 200
"""Length of a passage: a paragraph or two, about one thing."""
_RESERVED_TOKENS = 112
"""Kept free, of what the embedder sees, for prompt, title and a table's column heads."""


class Tokens(Protocol):
    """What is to be known of an embedder to split texts for it."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that it sees."""

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        """For each text, the offset at which each of its tokens ends."""


def chunk(article: Article, tokens: Tokens) -> list[Passage]:
    """The passages of an article's body, in order and without overlap; together they contain every sentence."""
    return [
        Passage(
            id=f"{article.id}:{n}",
            article_id=article.id,
            start=sentences[0].start,
            end=sentences[-1].end,
            sentences=tuple(sentences),
        )
        for n, sentences in enumerate(_groups(article, tokens))
    ]


def embedded_text(article: Article, passage: Passage) -> str:
    """The text embedded for a passage; the title says what "it" and "the company" refer to."""
    return f"{article.title}\n{article.text[passage.start : passage.end]}"


def sentence_text(article: Article, span: Span) -> str:
    """The text embedded for a sentence; a table row is written out with its column heads."""
    return span.row.described(article.language)[0] if span.row else article.text[span.start : span.end]


def _groups(article: Article, tokens: Tokens) -> Iterator[list[Span]]:
    group: list[Span] = []
    length = 0
    for span, size in _sentences(article, tokens):
        if group and length + size > PASSAGE_TOKENS:
            yield group
            group, length = [], 0
        group.append(span)
        length += size
    if group:
        yield group


def _sentences(article: Article, tokens: Tokens) -> Iterator[tuple[Span, int]]:
    """The sentences, none longer than the embedder sees, with their lengths in tokens."""
    rows = rows_of(article.text)
    units = list(_units(article, rows))
    longest = max(1, tokens.max_tokens - _RESERVED_TOKENS)
    for (start, end), ends in zip(
        units, tokens.token_ends([article.text[start:end] for start, end in units]), strict=True
    ):
        for first, last, size in _pieces(article.text[start:end], ends, longest):
            yield read_span(article, start + first, start + last, rows), size


def _units(article: Article, rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """The sentences; a table row counts as one, even if each of its cells is on its own line."""
    for start, end in sentence_spans(article.text, article.body_start):
        row = row_at(rows, start)
        if row is None or row.start == start:
            yield start, row.end if row else end


def _pieces(text: str, ends: Sequence[int], longest: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of tokens of the pieces of a text of at most ``longest`` tokens, cut at white space if possible."""
    at = first = 0
    while len(ends) - first > longest:
        cut = ends[first + longest - 1]
        space = text.rfind(" ", at + 1, cut + 1)
        cut = space if space > at else cut
        last = next(n for n in range(first, len(ends) + 1) if n == len(ends) or ends[n] > cut)
        if text[at:cut].strip():
            yield at, cut, last - first
        at, first = cut + (text[cut : cut + 1] == " "), last
    if at < len(text):
        yield at, len(text), len(ends) - first
