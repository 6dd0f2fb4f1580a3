"""Reads a span of an article: its figures and terms and, in a table, the column heads."""

from collections.abc import Sequence

from assistant.core.figures import Figure, read_figures
from assistant.core.records import Article, Span
from assistant.core.tabular import Row, row_at, rows_of
from assistant.core.text import table_header
from assistant.core.words import placed_terms


def read_span(article: Article, start: int, end: int, rows: Sequence[Row] | None = None) -> Span:
    """The span ``start`` to ``end`` of an article; ``rows`` are the article's table rows, if already known."""
    rows = rows_of(article.text) if rows is None else rows
    terms = tuple(placed_terms(article.text[start:end], article.language))
    row = _row(rows, start, end)
    header = f"{row.caption} {' | '.join(row.heads)}".strip() if row else table_header(article.text, start)
    return Span(start, end, figures_between(article, start, end, rows), terms, row, header)


def figures_between(article: Article, start: int, end: int, rows: Sequence[Row]) -> tuple[Figure, ...]:
    """The figures alone of what ``read_span`` reads, for who looks through a whole article."""
    row = _row(rows, start, end)
    if row:
        return row.figures(article.language)
    return read_figures(article.text[start:end], article.language, article.published)


def _row(rows: Sequence[Row], start: int, end: int) -> Row | None:
    row = row_at(rows, start)
    return row if row and (row.start, row.end) == (start, end) else None
