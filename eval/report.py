"""Scores as a table for the terminal and as one self-contained HTML file."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from html import escape

from eval.cases import Case
from eval.metrics import Score
from eval.runs import Row

_HEADS = {
    "n": "cases",
    "figure_accuracy": "figure right",
    "citation_accuracy": "span cited",
    "wrongly_refused": "wrongly refused",
    "wrongly_answered": "wrongly answered",
    "unsupported": "unsupported figures",
    "language_accuracy": "language right",
}


def table(scores: Mapping[str, Score]) -> str:
    """The scores as aligned text, one line a language."""
    rows = [["", *_HEADS.values()], *([name, *_cells(score)] for name, score in scores.items())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def html(scores: Mapping[str, Score], cases: Sequence[Case], rows: Sequence[Row]) -> str:
    """Scores and every answer, as a page that loads nothing."""
    head = "".join(f"<th>{escape(text)}</th>" for text in ("", *_HEADS.values()))
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in (name, *_cells(score)))}</tr>" for name, score in scores.items())
    by_id = {row["id"]: row for row in rows}
    answers = "".join(
        f"<tr><td>{escape(case.id)}</td><td>{escape(case.question)}</td>"
        f"<td>{escape(', '.join(map(str, case.figures)) or ('–' if case.answerable else 'refusal'))}</td>"
        f"<td>{escape(_answer_text(by_id.get(case.id)))}</td></tr>"
        for case in cases
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title>'
        "<style>body{font-family:system-ui,sans-serif;margin:2rem}table{border-collapse:collapse;margin-bottom:2rem}"
        "td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}</style>"
        f"<h1>Evaluation</h1><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        "<table><thead><tr><th>case</th><th>question</th><th>gold</th><th>answer</th></tr></thead>"
        f"<tbody>{answers}</tbody></table></html>"
    )


def _cells(score: Score) -> list[str]:
    return [_cell(getattr(score, field.name)) for field in fields(score)]


def _cell(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{100 * value:.0f} %"


def _answer_text(row: Row | None) -> str:
    if row is None:
        return "not answered"
    return str(row["answer"]["text"]) if "answer" in row else f"failed: {row['error']}"
