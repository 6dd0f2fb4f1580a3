"""The evaluation results as a short table, from the file that ``python -m eval report`` writes."""

import json
from html import escape
from pathlib import Path

from assistant.core.languages import Language
from assistant.page.texts import TEXTS

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


def measured_html(file: Path, language: Language) -> str:
    """The table by question language, or a hint at what to run if the file is missing or unreadable."""
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        titles, groups = report["titles"][language], {**report["language"], "": report["all"]}
        head = "".join(f"<th>{escape(name) or '∑'}</th>" for name in groups)
        body = "".join(
            f"<tr><th>{escape(titles[name])}</th>{''.join(f'<td>{_cell(of.get(name), name)}</td>' for of in groups.values())}</tr>"
            for name in _SHOWN
            if name in report["all"]
        )
        engine = report["run"].get("llm", {})
        made_with = escape(f"{report['cases']} · {engine.get('engine', '')} {engine.get('model', '')}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"<p>{escape(TEXTS['not_measured'][language])}</p>"
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table><p>{made_with}</p>"


def _cell(found: dict[str, float] | None, name: str) -> str:
    if found is None:
        return "–"
    value, low, high = found["value"], found["low"], found["high"]
    if name.endswith("_s"):
        return f"{value:.1f}"
    if name == "unsupported":
        return f"{value * found['n']:.0f}"
    return f"{100 * value:.0f} % <small>({100 * low:.0f}–{100 * high:.0f})</small>"
