"""Scores as a terminal table, as plain numbers, and as one self-contained HTML file in three languages."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from assistant.core.languages import Language, load_table
from eval.dataset.cases import Case
from eval.measures.metrics import MEASURES, Judgement, groups, scores, worst_cell
from eval.measures.statistics import Mean
from eval.report import plots
from eval.runs import Row

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


@dataclass(frozen=True, slots=True)
class Results:
    """A run with everything known about it.

    ``verifier`` has, for each way of altering true answers, how many were held back and how many there were;
    ``verdicts`` is what a judge said, by case id.
    """

    cases: Sequence[Case]
    rows: Sequence[Row]
    judged: Sequence[Judgement]
    made_with: Mapping[str, Any]
    verifier: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)


def table(judged: Sequence[Judgement]) -> str:
    """The main metrics as aligned text: worst cell, all cases with intervals, then the groups, worst first."""
    overall = scores(judged)
    names = _columns(overall)
    lines: list[Sequence[str]] = [("", "cases", *(MEASURES[name].title for name in names))]
    lines.append(("all", str(len(judged)), *_cells(overall, names)))
    lines.append(("", "", *(_interval(overall.get(name), name) for name in names)))
    for group in _group_lines(judged, names).values():
        lines += [("",) * (len(names) + 2), *group]
    return f"{_worst(judged)}{_aligned(lines)}"


def systems_table(judged: Mapping[str, Sequence[Judgement]]) -> str:
    """The main metrics of several systems on the same cases, with figure accuracy's interval and the median answer time."""
    lines = [
        (
            "",
            "cases",
            "figure right (95 %)",
            "figure shown",
            *(MEASURES[name].title for name in _SHORT[1:]),
            "median s",
        )
    ]
    for system, of in judged.items():
        found = scores(of)
        right = f"{_cell(found.get(_SHORT[0]), _SHORT[0])} ({_interval(found.get(_SHORT[0]), _SHORT[0])})"
        times = [j.marks["total_s"] for j in of if "total_s" in j.marks]
        seconds = f"{statistics.median(times):.2f}" if times else "–"
        shown = _cell(found.get("figure_shown"), "figure_shown")
        lines.append((system, str(len(of)), right, shown, *_cells(found, _SHORT[1:]), seconds))
    return _aligned(lines)


def numbers(results: Results) -> dict[str, Any]:
    """Every score of every group with its interval, as JSON types."""

    def plain(of: Sequence[Judgement]) -> dict[str, Any]:
        return {name: _plain(m) for name, m in scores(of).items()}

    judged, worst = results.judged, worst_cell(results.judged)
    by = {
        name: {key: plain(each) for key, each in of_group.items()}
        for name, of_group in groups(judged).items()
    }
    return {
        "cases": len(judged),
        "run": dict(results.made_with),
        "titles": {str(tag): words["measures"] for tag, words in _words().items()},
        "worst": {"cell": worst[0], **_plain(worst[1])} if worst else None,
        "verifier": {way: {"altered": n, "held_back": held} for way, (held, n) in results.verifier.items()},
        "all": plain(judged),
        **by,
    }


def drawings(results: Results) -> dict[str, dict[str, str]]:
    """The plots of accuracy and reliability as SVG, by language and title."""
    return {
        str(tag): {
            words["accuracy_plot"]: plots.accuracy(results.judged, words),
            words["reliability_plot"]: plots.reliability(results.judged, results.rows, words),
        }
        for tag, words in _words().items()
    }


def html(results: Results) -> str:
    """Scores, plots and every answer as a page that loads nothing; the reader chooses the language."""
    switches = "".join(
        f'<input type="radio" name="language" id="to-{tag}"{" checked" if tag is Language.EN else ""}>'
        f'<label for="to-{tag}" lang="{tag}">{escape(_words()[tag]["title"])}</label> '
        for tag in Language
    )
    overall = scores(results.judged)
    lines = _group_lines(results.judged, _columns(overall))
    sections = "".join(
        f'<section class="{tag}" lang="{tag}">{_measured(words, results, overall, lines)}{_verifier(words, results.verifier)}'
        f"{_answers(words, results)}<h2>{escape(words['conditions'])}</h2>"
        f"<pre>{escape(json.dumps(results.made_with, indent=1, ensure_ascii=False))}</pre></section>"
        for tag, words in _words().items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Evaluation report</title><style>{_CSS}</style>{switches}{sections}</html>"
    )


def _plain(m: Mean) -> dict[str, Any]:
    return {"n": m.n, "value": round(m.value, 4), "low": round(m.low, 4), "high": round(m.high, 4)}


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _worst(judged: Sequence[Judgement]) -> str:
    found = worst_cell(judged)
    return (
        f"worst: {found[0]}, figure right {_cell(found[1], 'figure_accuracy')} (n = {found[1].n})\n"
        if found
        else ""
    )


def _columns(overall: Mapping[str, Mean]) -> tuple[str, ...]:
    """The metrics of the main table, including the judge's if there was one."""
    return (*_SHORT, *(("judged",) if "judged" in overall else ()))


def _group_lines(judged: Sequence[Judgement], names: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    """A row of cells for each group, by grouping."""
    return {
        name: [(key, str(len(each)), *_cells(scores(each), names)) for key, each in of_group.items()]
        for name, of_group in groups(judged).items()
    }


def _measured(
    words: Mapping[str, Any],
    results: Results,
    overall: Mapping[str, Mean],
    lines: Mapping[str, Sequence[Sequence[str]]],
) -> str:
    measured = [
        (words["measures"][name], _cell(m, name), _interval(m, name), str(m.n)) for name, m in overall.items()
    ]
    heads = ("", words["cases"], *(words["measures"][name] for name in _columns(overall)))
    n, worst = len(results.judged), worst_cell(results.judged)
    named = (
        f"{words['worst']}: {worst[0]}, {_cell(worst[1], 'figure_accuracy')} (n = {worst[1].n})"
        if worst
        else ""
    )
    return (
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['cases'])}: {n}</p><p>{escape(named)}</p>"
        f"<h2>{escape(words['summary'])}</h2>"
        + _table((words["measure"], words["value"], words["interval"], words["cases"]), measured)
        + _plots(words, results.judged, results.rows)
        + "".join(
            f"<h2>{escape(words[f'by_{name}'])}</h2>{_table(heads, each)}" for name, each in lines.items()
        )
    )


def _verifier(words: Mapping[str, Any], counts: Mapping[str, tuple[int, int]]) -> str:
    """The shares of true and altered answers that the verifier holds back, as HTML."""
    if not counts:
        return ""
    lines = [
        (words["altered"].get(way, way), str(n), f"{100 * held / n:.1f} %")
        for way, (held, n) in counts.items()
    ]
    return f"<h2>{escape(words['verifier'])}</h2>{_table(('', words['cases'], words['held_back']), lines)}"


def _plots(words: Mapping[str, Any], judged: Sequence[Judgement], rows: Sequence[Row]) -> str:
    drawn = {
        "accuracy_plot": plots.accuracy(judged, words),
        "reliability_plot": plots.reliability(judged, rows, words),
        "latency_plot": plots.latency(rows, words),
        "dropped_plot": plots.dropped(rows, words),
    }
    return "".join(f"<h2>{escape(words[name])}</h2><figure>{svg}</figure>" for name, svg in drawn.items())


def _answers(words: Mapping[str, Any], results: Results) -> str:
    by_id = {row["id"]: row for row in results.rows}
    answers = [
        (
            case.id,
            case.question,
            ", ".join(map(str, case.figures)) or (case.answer if case.answerable else words["refusal"]),
            _answer_text(by_id.get(case.id), words),
            *((results.verdicts.get(case.id, ""),) if results.verdicts else ()),
        )
        for case in results.cases
    ]
    heads = (
        words["case"],
        words["question"],
        words["gold"],
        words["answer"],
        *((words["judge"],) if results.verdicts else ()),
    )
    return f"<h2>{escape(words['answers'])}</h2>{_table(heads, answers)}"


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(found: Mapping[str, Mean], names: Sequence[str]) -> list[str]:
    return [_cell(found.get(name), name) for name in names]


def _cell(found: Mean | None, name: str) -> str:
    return "–" if found is None else _number(found.value, name, found.n)


def _interval(found: Mean | None, name: str) -> str:
    return (
        "" if found is None else f"{_number(found.low, name, found.n)} – {_number(found.high, name, found.n)}"
    )


def _number(value: float, name: str, n: int) -> str:
    match MEASURES[name].unit:
        case "share":
            return f"{100 * value:.0f} %"
        case "figures" | "markers":
            return f"{value * n:.0f}"  # the total count
        case _:
            return f"{value:.2f}"


def _answer_text(row: Row | None, words: Mapping[str, Any]) -> str:
    if row is None:
        return str(words["missing"])
    return str(row["answer"]["text"]) if "answer" in row else f"{words['failed']}: {row['error']}"


@cache
def _words() -> dict[Language, dict[str, Any]]:
    return {language: load_table(language, "report") for language in Language}
