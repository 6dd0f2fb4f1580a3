"""Reads a span of an article: its figures and terms and, in a table, the column heads."""

from collections.abc import Sequence

from assistant.core.figures import read_figures
from assistant.core.records import Article, Span
from assistant.core.tabular import Row, row_at, rows_of
from assistant.core.text import table_header
from assistant.core.words import placed_terms


def read_span(article: Article, start: int, end: int, rows: Sequence[Row] | None = None) -> Span:
    """The span ``start`` to ``end`` of an article; ``rows`` are the article's table rows, if already known."""
    words = article.text[start:end]
    terms = tuple(placed_terms(words, article.language))
    row = row_at(rows_of(article.text) if rows is None else rows, start)
    if row and (row.start, row.end) == (start, end):
        header = f"{row.caption} {' | '.join(row.heads)}".strip()
        return Span(start, end, row.figures(article.language), terms, row, header)
    figures = read_figures(words, article.language, article.published)
    return Span(start, end, figures, terms, header=table_header(article.text, start))
