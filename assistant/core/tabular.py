"""Tables in articles: with cell separators, or flattened by copy and paste into one line per cell.

A row is read as a unit; each figure takes the unit named in its column head, row label or table caption.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.core.figures import Figure, joined, read_figures
from assistant.core.languages import Language

_MIN_ROWS = 2
_MOST_LINES = 500  # of a table with one line per cell; the search for its heads takes quadratic time
_MAX_COLUMNS = 8
_MIN_CELLS = 6
_LONG_CELL = 45
"""A line longer than this is not a cell."""
_LONG_CAPTION = 100
_NUMBER = re.compile(r"[-−–△▲+]?\s?\d[\d.,]*\s?%?")
_EMPTY = re.compile(r"[-–—]?")
_RULE = re.compile(r"[\s|:\-–—=+]+")
_MARKS = re.compile(
    r"(?<![^\S\t])[^\S\t]*+[|\t]\s*+|[|\t]\s*+"
)  # starts a run of white space once: linear time
_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNIT_KEY = re.compile(r"^\s*(?:단위|đơn vị(?: tính)?|units?)\s*:?\s*", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;]\s*")
# Comparison columns: if the caption names percent beside another unit, theirs is percent.
_COMPARES = re.compile(
    r"대비|증감|비중|[률율]|so với|tăng|giảm|tỷ (?:lệ|trọng)|share|change|growth|rate", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at ``start`` to ``end`` of the article's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A table row with its column heads and caption; the first cell is the row label."""

    cells: tuple[Cell, ...]
    heads: tuple[str, ...]
    caption: str

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.cells[-1].end

    def figures(self, language: Language) -> tuple[Figure, ...]:
        """All figures in the row, with offsets relative to its start."""
        return joined(
            (
                cell.start - self.start,
                self._figures_of(column, language) if column else read_figures(cell.text, language),
            )
            for column, cell in enumerate(self.cells)
        )

    def described(self, language: Language) -> tuple[str, tuple[tuple[int, int], ...]]:
        """The row as a sentence ("매출액: 2025년 133억 원; 2026년 259억 원"), and the span of each cell in it."""
        text, places = self.cells[0].text, [(0, len(self.cells[0].text))]
        for column in range(1, len(self.cells)):
            head = _BRACKETS.sub("", self.heads[column]).strip()
            text += f"{'; ' if column > 1 else ': '}{head} "
            start = len(text)
            text += self._with_unit(column, language)
            places.append((start, len(text)))
        return text, tuple(places)

    def clause(self, column: int, language: Language) -> str:
        """A cell in words: row label, column head and content."""
        return (
            f"{self.cells[0].text} {self.heads[column]} {self._with_unit(column, language)}"
            if column
            else self.cells[0].text
        )

    def column_of(self, at: int) -> int:
        """The column at an offset from the row's start."""
        return next(
            (i for i, cell in enumerate(self.cells) if at < cell.end - self.start), len(self.cells) - 1
        )

    def _figures_of(self, column: int, language: Language) -> Sequence[Figure]:
        """The figures in a cell, with offsets in the cell."""
        text = self.cells[column].text
        read = read_figures(text, language)
        if not _NUMBER.fullmatch(text):
            return read
        if len(read) != 1:
            return ()
        figure = replace(read[0], text=text, start=0, end=len(text))
        unit = self._unit(column, language)
        if unit and figure.value is not None and unit[1].value is not None and not figure.unit:
            figure = replace(figure, kind=unit[1].kind, unit=unit[1].unit, value=figure.value * unit[1].value)
        return (figure,)

    def _with_unit(self, column: int, language: Language) -> str:
        """A cell's text; a bare number is followed by its unit if one is named."""
        number = self.cells[column].text
        unit = (
            self._unit(column, language) if _NUMBER.fullmatch(number) and not number.endswith("%") else None
        )
        return (
            f"{number}{'' if language is Language.KO or unit[0] == '%' else ' '}{unit[0]}" if unit else number
        )

    def _unit(self, column: int, language: Language) -> tuple[str, Figure] | None:
        """A cell's unit, as written and as a figure of one ("백만 달러" is a million dollars).

        The nearest mention wins.
        """
        for words in self._units(column):
            read = read_figures(f"1 {words}", language) or read_figures(f"1{words}", language)
            if (
                not words[0].isdecimal()
                and len(read) == 1
                and read[0].start == 0
                and read[0].end >= len(words)
            ):
                return words, read[0]
        return None

    def _units(self, column: int) -> Iterator[str]:
        """Candidate unit words: in brackets in the column head or row label, then in the caption."""
        for words in (self.heads[column], self.cells[0].text):
            yield from reversed(_BRACKETS.findall(words))
        named = [
            part
            for group in _BRACKETS.findall(self.caption)
            for part in _PARTS.split(_UNIT_KEY.sub("", group))
            if part
        ]
        own = [
            part
            for part in named
            if any(_names(part, words) for words in (self.heads[column], self.cells[0].text))
        ]
        is_compared = _COMPARES.search(f"{self.heads[column]} {self.cells[0].text}") is not None
        fitting = [part for part in named if (part == "%") is is_compared] or named
        yield from [part.split()[-1] for part in own][:1] or fitting[:1]  # "(단위: 억 원, 매출총이익률은 %)"


def _names(part: str, words: str) -> bool:
    return " " in part and bool(words) and part.startswith(words.split("(", maxsplit=1)[0].strip())


def row_at(rows: Sequence[Row], at: int) -> Row | None:
    """The row at an offset, of rows in order."""
    i = bisect_right(rows, at, key=lambda row: row.start) - 1
    return rows[i] if i >= 0 and at < rows[i].end else None


def rows_of(text: str) -> tuple[Row, ...]:
    """All table rows in a text, in order, without head rows."""
    found: list[Row] = []
    for block, above in _blocks(text):
        found += _marked(block, above) or _flattened(block, above)
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[list[Cell], str]]:
    """Runs of non-empty lines, each with the last line before it."""
    block: list[Cell] = []
    above = ""
    for match in re.finditer(r"[^\n]*(?:\n|$)", text):
        line = match.group().strip()
        if line:
            start = match.start() + match.group().index(line)
            block.append(Cell(start, start + len(line), line))
        elif block:
            yield block, above
            above, block = block[-1].text, []
    if block:
        yield block, above


def _marked(block: Sequence[Cell], above: str) -> list[Row]:
    """Rows with cell separators, below a line of heads."""
    lines = [line for line in block if not _RULE.fullmatch(line.text)]
    split = [_cells(line) for line in lines]
    first = next((i for i, cells in enumerate(split) if len(cells) > 1), None)
    if first is None:
        return []
    heads, caption = tuple(cell.text for cell in split[first]), lines[first - 1].text if first else above
    rows = [cells for cells in split[first + 1 :] if len(cells) == len(heads)]
    has_figures = sum(any(c.isdecimal() for c in cell.text) for cells in rows for cell in cells[1:])
    return (
        [Row(tuple(cells), heads, _caption(caption)) for cells in rows]
        if len(rows) >= _MIN_ROWS <= has_figures
        else []
    )


def _cells(line: Cell) -> list[Cell]:
    """The cells of a line."""
    if not _MARKS.search(line.text):
        return [line]
    found, at = [], 0
    for match in [*_MARKS.finditer(line.text), None]:
        end = match.start() if match else len(line.text)
        if at < end:
            found.append(Cell(line.start + at, line.start + end, line.text[at:end]))
        at = match.end() if match else end
    return found


def _flattened(block: Sequence[Cell], above: str) -> list[Row]:
    """Rows with one line per cell: n heads, then rows of n lines with numbers in the same columns."""
    best: list[Row] = []
    if len(block) > _MOST_LINES:
        return best
    for at in range(len(block)):
        for width in range(_MAX_COLUMNS, 1, -1):
            heads = block[at : at + width]
            if len(heads) < width or any(
                _NUMBER.fullmatch(cell.text) or len(cell.text) > _LONG_CELL for cell in heads
            ):
                continue
            rows = list(_rows(block[at + width :], width))
            if len(rows) >= _MIN_ROWS and len(rows) * width > max(
                _MIN_CELLS - 1, len(best) * (len(best[0].cells) if best else 0)
            ):
                caption = block[at - 1].text if at else above
                best = [Row(row, tuple(cell.text for cell in heads), _caption(caption)) for row in rows]
    return best


def _caption(line: str) -> str:
    """The line above a table, unless it is as long as a paragraph."""
    return line if len(line) <= _LONG_CAPTION else ""


def _rows(lines: Sequence[Cell], width: int) -> Iterator[tuple[Cell, ...]]:
    numeric: list[bool] = []
    for at in range(0, len(lines) - width + 1, width):
        row = tuple(lines[at : at + width])
        is_number = [_NUMBER.fullmatch(cell.text) is not None for cell in row]
        same = [
            one or _EMPTY.fullmatch(cell.text) is not None for one, cell in zip(is_number, row, strict=True)
        ]
        if not any(is_number[1:]) or any(len(cell.text) > _LONG_CELL for cell in row):
            return
        if numeric and (
            is_number[0] != numeric[0] or any(a and not b for a, b in zip(numeric, same, strict=True))
        ):
            return
        numeric = numeric or is_number
        yield row
