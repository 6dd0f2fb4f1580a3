"""The accuracy tab: the results that ship with the program, and those of the last run here."""

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from assistant.core.languages import Language, load_table
from assistant.measured import RELEASED
from assistant.page.markup import render
from assistant.page.texts import texts

_TEXTS = texts("measured")
_SHOWN = (
    "figure_accuracy",
    "unsupported",
    "citation_recall",
    "wrongly_refused",
    "wrongly_answered",
    "language",
    "first_s",
    "total_s",
)


def measured_html(own: Path, language: Language, released: Path = RELEASED) -> str:
    """Tables with intervals, and plots; a file that is missing or cannot be read is left out."""
    shipped = _loaded(released) or {}
    realistic, easy = shipped.get("realistic"), shipped.get("easy")
    return render(
        "measured",
        language,
        said={key: by_language[language] for key, by_language in _TEXTS.items()},
        realistic=realistic,
        names=load_table(language, "report")["realistic"],
        easy=_report(easy["results"], language) if easy else None,
        easy_day=easy["day"] if easy else "",
        own=_report(_loaded(own), language),
        share=_share,
    )


def _loaded(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _report(report: dict[str, Any] | None, language: Language) -> dict[str, Any] | None:
    """A report's table and plots as the template shows them; None if it is none."""
    try:
        if report is None:
            return None
        groups = {**report["language"], "∑": report["all"]}
        rows = [
            (report["titles"][language][name], [_cell(of.get(name), name) for of in groups.values()])
            for name in _SHOWN
            if name in report["all"]
        ]
        engine = report["run"].get("llm", {})
        made_with = f"{report['cases']} · {engine.get('engine', '')} {engine.get('model', '')}"
        # Drawn by this program, not read from anybody's text
        drawn = {title: Markup(svg) for title, svg in report.get("plots", {}).get(language, {}).items()}  # noqa: S704
    except (KeyError, TypeError, AttributeError):
        return None
    return {"heads": list(groups), "rows": rows, "made_with": made_with, "plots": drawn}


def _cell(found: dict[str, float] | None, name: str) -> str:
    if found is None:
        return "–"
    if name.endswith("_s"):
        return f"{found['value']:.1f}"
    if name == "unsupported":
        return f"{found['value'] * found['n']:.0f}"
    return _share((found["value"], found["low"], found["high"], found["n"]))


def _share(measured: tuple[float, float, float, float] | None) -> str:
    """A share with its interval, in per cent."""
    if measured is None:
        return "–"
    value, low, high, _ = measured
    return f"{100 * value:.0f} % ({100 * low:.0f}–{100 * high:.0f})"
