"""Scores as a table for the terminal, as plain numbers, and as one self-contained HTML file in three languages."""

import json
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from assistant.core.text import Language
from eval import plots
from eval.cases import Case
from eval.metrics import MEASURES, Judgement, groups, scores
from eval.runs import Row
from eval.statistics import Mean

_SHORT = (
    "figure_accuracy",
    "unsupported",
    "citation_recall",
    "citation_precision",
    "span_cited",
    "wrongly_refused",
    "wrongly_answered",
    "language",
)
_CSS = (
    "body{font-family:system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin-bottom:2rem}td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;"
    "vertical-align:top}svg{max-width:100%;height:auto}section{display:none}"
    + "".join(f"#to-{tag}:checked~section.{tag}{{display:block}}" for tag in Language)
)


def table(judged: Sequence[Judgement]) -> str:
    """The main measures as aligned text: all cases with intervals, then each group, the worst first."""
    overall = scores(judged)
    lines = [("", "cases", *(MEASURES[name].title for name in _SHORT))]
    lines.append(("all", str(len(judged)), *_cells(overall)))
    lines.append(("", "", *(_interval(overall.get(name), name) for name in _SHORT)))
    for group in _group_lines(judged).values():
        lines += [("",) * (len(_SHORT) + 2), *group]
    return _aligned(lines)


def systems_table(judged: Mapping[str, Sequence[Judgement]]) -> str:
    """The main measures of several systems on the same cases, with the interval of the first and the median time of an answer."""
    lines = [("", "cases", "figure right (95 %)", "figure shown", *(MEASURES[name].title for name in _SHORT[1:]), "median s")]
    for system, of in judged.items():
        found = scores(of)
        right = f"{_cell(found.get(_SHORT[0]), _SHORT[0])} ({_interval(found.get(_SHORT[0]), _SHORT[0])})"
        times = [j.marks["total_s"] for j in of if "total_s" in j.marks]
        seconds = f"{statistics.median(times):.2f}" if times else "–"
        lines.append((system, str(len(of)), right, _cell(found.get("figure_shown"), "figure_shown"), *_cells(found)[1:], seconds))
    return _aligned(lines)


def numbers(judged: Sequence[Judgement], made_with: Mapping[str, Any]) -> dict[str, Any]:
    """Every score of every group with its interval, as JSON types."""

    def plain(of: Sequence[Judgement]) -> dict[str, Any]:
        return {
            name: {"n": m.n, "value": round(m.value, 4), "low": round(m.low, 4), "high": round(m.high, 4)}
            for name, m in scores(of).items()
        }

    by = {name: {key: plain(each) for key, each in of_group.items()} for name, of_group in groups(judged).items()}
    titles = {str(tag): words["measures"] for tag, words in _words().items()}
    return {"cases": len(judged), "run": dict(made_with), "titles": titles, "all": plain(judged), **by}


def html(judged: Sequence[Judgement], cases: Sequence[Case], rows: Sequence[Row], made_with: Mapping[str, Any]) -> str:
    """Scores, plots and every answer, as a page that loads nothing; a reader chooses the language."""
    switches = "".join(
        f'<input type="radio" name="language" id="to-{tag}"{" checked" if tag is Language.EN else ""}>'
        f'<label for="to-{tag}" lang="{tag}">{escape(_words()[tag]["title"])}</label> '
        for tag in Language
    )
    overall, lines = scores(judged), _group_lines(judged)
    sections = "".join(
        f'<section class="{tag}" lang="{tag}">{_measured(words, overall, lines, len(judged), _plots(words, judged, rows))}'
        f"{_answers(words, cases, rows)}<h2>{escape(words['conditions'])}</h2>"
        f"<pre>{escape(json.dumps(made_with, indent=1, ensure_ascii=False))}</pre></section>"
        for tag, words in _words().items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Evaluation report</title><style>{_CSS}</style>{switches}{sections}</html>"
    )


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _group_lines(judged: Sequence[Judgement]) -> dict[str, list[tuple[str, ...]]]:
    """A line of cells for each group, by what the cases are grouped by."""
    return {
        name: [(key, str(len(each)), *_cells(scores(each))) for key, each in of_group.items()]
        for name, of_group in groups(judged).items()
    }


def _measured(
    words: Mapping[str, Any], overall: Mapping[str, Mean], lines: Mapping[str, Sequence[Sequence[str]]], n: int, drawn: str
) -> str:
    measured = [(words["measures"][name], _cell(m, name), _interval(m, name), str(m.n)) for name, m in overall.items()]
    heads = ("", words["cases"], *(words["measures"][name] for name in _SHORT))
    return (
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['cases'])}: {n}</p><h2>{escape(words['summary'])}</h2>"
        + _table((words["measure"], words["value"], words["interval"], words["cases"]), measured)
        + drawn
        + "".join(f"<h2>{escape(words[f'by_{name}'])}</h2>{_table(heads, each)}" for name, each in lines.items())
    )


def _plots(words: Mapping[str, Any], judged: Sequence[Judgement], rows: Sequence[Row]) -> str:
    drawn = {
        "accuracy_plot": plots.accuracy(judged, words),
        "reliability_plot": plots.reliability(judged, rows, words),
        "latency_plot": plots.latency(rows, words),
        "dropped_plot": plots.dropped(rows, words),
    }
    return "".join(f"<h2>{escape(words[name])}</h2><figure>{svg}</figure>" for name, svg in drawn.items())


def _answers(words: Mapping[str, Any], cases: Sequence[Case], rows: Sequence[Row]) -> str:
    by_id = {row["id"]: row for row in rows}
    answers = [
        (
            case.id,
            case.question,
            ", ".join(map(str, case.figures)) or (case.answer if case.answerable else words["refusal"]),
            _answer_text(by_id.get(case.id), words),
        )
        for case in cases
    ]
    heads = (words["case"], words["question"], words["gold"], words["answer"])
    return f"<h2>{escape(words['answers'])}</h2>{_table(heads, answers)}"


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(found: Mapping[str, Mean]) -> list[str]:
    return [_cell(found.get(name), name) for name in _SHORT]


def _cell(found: Mean | None, name: str) -> str:
    return "–" if found is None else _number(found.value, name, found.n)


def _interval(found: Mean | None, name: str) -> str:
    return "" if found is None else f"{_number(found.low, name, found.n)} – {_number(found.high, name, found.n)}"


def _number(value: float, name: str, n: int) -> str:
    match MEASURES[name].unit:
        case "share":
            return f"{100 * value:.0f} %"
        case "figures" | "markers":
            return f"{value * n:.0f}"  # how many there are in all
        case _:
            return f"{value:.2f}"


def _answer_text(row: Row | None, words: Mapping[str, Any]) -> str:
    if row is None:
        return str(words["missing"])
    return str(row["answer"]["text"]) if "answer" in row else f"{words['failed']}: {row['error']}"


@cache
def _words() -> dict[Language, dict[str, Any]]:
    stored = tomllib.loads(resources.files("eval").joinpath("report.toml").read_text(encoding="utf-8"))
    return {Language(tag): words for tag, words in stored.items()}
