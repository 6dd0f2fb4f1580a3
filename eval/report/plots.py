"""Report plots as SVG with words kept as text, so that the browser's fonts draw Korean and Vietnamese."""

import io
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assistant.core.records import Status
from eval.fit.calibration import PRECISION, Point
from eval.measures.metrics import Judgement, pair
from eval.measures.statistics import mean
from eval.runs import Row

Words = Mapping[str, Any]

_BINS = 5
_INK = "#1f5f8b"
_SHOWN = 99
"""Percentile of the times at which a histogram is cut off."""


def accuracy(judged: Sequence[Judgement], words: Words) -> str:
    """Figure accuracy by language pair, with intervals and the number of cases."""
    by_pair: dict[str, list[float]] = {}
    for judgement in judged:
        if "figure_accuracy" in judgement.marks:
            by_pair.setdefault(pair(judgement.case), []).append(judgement.marks["figure_accuracy"])
    figure, axes = _axes(len(by_pair))
    for y, name in enumerate(sorted(by_pair, reverse=True)):
        found = mean(by_pair[name])
        if found:
            whiskers = [[100 * (found.value - found.low)], [100 * (found.high - found.value)]]
            axes.barh(y, 100 * found.value, xerr=whiskers, color=_INK, ecolor="#888", height=0.6)
    axes.set_yticks(
        range(len(by_pair)), [f"{name} (n = {len(by_pair[name])})" for name in sorted(by_pair, reverse=True)]
    )
    axes.set_xlim(0, 100)
    axes.set_xlabel(words["accuracy_axis"])
    return _svg(figure)


def reliability(judged: Sequence[Judgement], rows: Sequence[Row], words: Words) -> str:
    """Reliability diagram: how often a figure is right, by the probability shown with it.

    The diagonal is perfect calibration.
    """
    marks = {j.case.id: j.marks.get("figure_accuracy", 0.0) for j in judged}
    shown = [
        (row["answer"]["figure"]["confidence"], marks[row["id"]])
        for row in rows
        if row["id"] in marks and row.get("answer", {}).get("figure")
    ]
    figure, axes = _axes(6)
    axes.plot([0, 100], [0, 100], color="#bbb", linestyle="--")
    for start in np.linspace(0, 1, _BINS, endpoint=False):
        inside = [
            (c, right)
            for c, right in shown
            if start <= c < start + 1 / _BINS or (c == 1 and start + 1 / _BINS >= 1)
        ]
        if inside:
            x, y = (100 * float(np.mean(values)) for values in zip(*inside, strict=True))
            axes.plot(x, y, "o", color=_INK)
            axes.annotate(
                f"n = {len(inside)}", (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8
            )
    axes.set(xlim=(0, 100), ylim=(0, 105), xlabel=words["reliability_x"], ylabel=words["reliability_y"])
    return _svg(figure)


def precision(parts: Mapping[str, Sequence[Point]], title: str) -> str:
    """Precision against the share of questions stated, the most confident first, for each kind of statement."""
    figure, axes = _axes(6)
    for name, points in parts.items():
        right = np.array([is_right for _, is_right in sorted(points, key=lambda point: -point[0])])
        n = np.arange(1, len(right) + 1)
        axes.plot(100 * n / max(1, len(n)), 100 * right.cumsum() / n, label=f"{name} (n = {len(n)})")
    axes.axhline(100 * PRECISION, color="#bbb", linestyle="--")
    axes.set(xlim=(0, 100), ylim=(0, 105), xlabel="% stated", ylabel="% right", title=title)
    axes.legend(frameon=False)
    return _svg(figure)


def latency(rows: Sequence[Row], words: Words) -> str:
    """Histograms of the time to the first sentence and to the whole answer, without the slowest 1 %."""
    times = [row["answer"]["timings_ms"] for row in rows if "answer" in row]
    totals = [each["total"] / 1000 for each in times if "total" in each]
    longest = float(np.percentile(totals, _SHOWN)) if totals else 1.0
    figure, axes = _axes(6)
    for key, name, colour in (("first_sentence", "first", "#e0a030"), ("total", "total", _INK)):
        seconds = [each[key] / 1000 for each in times if key in each]
        if seconds:
            axes.hist(
                seconds,
                bins=20,
                range=(0, longest),
                alpha=0.65,
                color=colour,
                label=f"{words[name]} (n = {len(seconds)})",
            )
    axes.set(xlabel=words["latency_x"], ylabel=words["latency_y"])
    if times:
        axes.legend(frameon=False)
    return _svg(figure)


def cost(rows: Sequence[Mapping[str, Any]]) -> str:
    """Retrieval's median and 95th percentile against the number of passages, for each index, as multiples of an embedding."""
    figure, axes = _axes(6)
    for name in dict.fromkeys(row["index"] for row in rows):
        of = [row for row in rows if row["index"] == name]
        line = axes.plot([r["passages"] for r in of], [r["p50"] for r in of], "o-", label=f"{name}, median")[
            0
        ]
        axes.plot(
            [r["passages"] for r in of],
            [r["p95"] for r in of],
            ":",
            color=line.get_color(),
            label=f"{name}, 95th percentile",
        )
    axes.set(
        xscale="log", yscale="log", xlabel="passages", ylabel="time of a question / time of its embedding"
    )
    axes.legend(frameon=False)
    return _svg(figure)


def dropped(rows: Sequence[Row], words: Words) -> str:
    """How often something was not shown, by the reason given in the answers."""
    reasons: Mapping[str, str] = words["reasons"]
    counts = Counter(
        reasons[next((start for start in reasons if why.startswith(start)), "other")]
        for row in rows
        for why in _reasons(row.get("answer", {}))
    )
    refused = sum(row.get("answer", {}).get("status") == Status.NO_EVIDENCE for row in rows)
    figure, axes = _axes(max(2, len(counts)))
    ordered = sorted(counts.items(), key=lambda item: item[1])
    for y, (_, n) in enumerate(ordered):
        axes.barh(y, n, color=_INK, height=0.6)
        axes.annotate(str(n), (n, y), textcoords="offset points", xytext=(4, -3), fontsize=8)
    axes.set_yticks(range(len(counts)), [kind for kind, _ in ordered])
    axes.set_xlabel(f"{words['dropped_x']} (n = {len(rows)}, {words['refusal']}: {refused})")
    return _svg(figure)


def _reasons(answer: Mapping[str, Any]) -> list[str]:
    """Why sentences were dropped, and what else was noted along the way."""
    return [each["why"] for each in answer.get("dropped", ())] + list(answer.get("trace", ()))


def _axes(n_rows: int) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.5, 1.2 + 0.4 * n_rows), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    with (
        mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "report", "font.family": "sans-serif"}),
        warnings.catch_warnings(),
    ):
        # The browser draws glyphs that matplotlib has no font for
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(out, format="svg", metadata={"Date": None})
    svg = out.getvalue()
    return re.sub(
        r"font: (?:[^;\"]*?)(\d+(?:\.\d+)?px)[^;\"]*",
        r"font: \1 system-ui, sans-serif",
        svg[svg.index("<svg") :],
    )
