"""Splits an article into passages: runs of whole sentences, with exact offsets.

A sentence longer than the embedder sees (a run-together table, a list) is split at white space.

Any change to the splitting must raise ``assistant.core.archive.CHUNKER``.
"""

from collections.abc import Iterator, Sequence

from assistant.core.languages import pack
from assistant.core.records import Article, Passage, Span
from assistant.core.spans import read_span
from assistant.core.tabular import Row, row_at, rows_of
from assistant.core.text import sentence_spans


def chunk(article: Article) -> list[Passage]:
    """The passages of an article's body, in order and without overlap; together they contain every sentence."""
    return [
        Passage(
            id=f"{article.id}:{n}",
            article_id=article.id,
            start=sentences[0].start,
            end=sentences[-1].end,
            sentences=tuple(sentences),
        )
        for n, sentences in enumerate(_groups(article))
    ]


def embedded_text(article: Article, passage: Passage) -> str:
    """The text embedded for a passage; the title says what "it" and "the company" refer to."""
    return f"{article.title}\n{article.text[passage.start : passage.end]}"


def _groups(article: Article) -> Iterator[list[Span]]:
    target = pack(article.language).lengths.passage
    group: list[Span] = []
    for span in _sentences(article):
        if group and span.end - group[0].start > target:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _units(article: Article, rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """The sentences; a table row counts as one, even if each of its cells is on its own line."""
    for start, end in sentence_spans(article.text, article.body_start):
        row = row_at(rows, start)
        if row is None or row.start == start:
            yield start, row.end if row else end


def sentence_text(article: Article, span: Span) -> str:
    """The text embedded for a sentence; a table row is written out with its column heads."""
    return span.row.described(article.language)[0] if span.row else article.text[span.start : span.end]


def _sentences(article: Article) -> Iterator[Span]:
    longest, rows = pack(article.language).lengths.sentence, rows_of(article.text)
    for start, end in _units(article, rows):
        at = start
        while end - at > longest:
            space = article.text.rfind(" ", at + 1, at + longest)
            cut = space if space > at else at + longest
            yield read_span(article, at, cut, rows)
            at = cut + (article.text[cut] == " ")
        yield read_span(article, at, end, rows)
