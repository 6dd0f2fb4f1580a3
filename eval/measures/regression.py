"""Finds the metrics that are worse than a baseline's interval allows, on the baseline's own cases."""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.core.errors import EvalError
from eval.dataset.cases import Case
from eval.measures.metrics import MEASURES, Judgement, scores

BUILT_IN = Path(__file__).parents[1] / "data" / "baseline.json"
_EVERY = 12
"""One case in this many is in the baseline, chosen by a checksum of its id: some 40 of 500, a few minutes with
the default model.
"""
_TIMES = ("seconds", "tokens a second")


def subset(cases: Sequence[Case]) -> list[Case]:
    """The cases of a new baseline; always the same ones."""
    return [case for case in cases if zlib.crc32(case.id.encode()) % _EVERY == 0]


def baseline_of(judged: Sequence[Judgement]) -> dict[str, Any]:
    """What later runs are compared with; times are left out, because they depend on the machine."""
    return {
        "cases": [judgement.case.id for judgement in judged],
        "measures": {
            name: {"value": round(m.value, 4), "low": round(m.low, 4), "high": round(m.high, 4), "n": m.n}
            for name, m in scores(judged).items()
            if MEASURES[name].unit not in _TIMES
        },
    }


def load_baseline(file: Path) -> dict[str, Any]:
    """A stored baseline.

    Raises:
        EvalError: It cannot be read, or is not a baseline.
    """
    try:
        stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if not stored["cases"] or not stored["measures"]:
            raise ValueError("it names no cases or no measures")
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise EvalError(
            f"The baseline {file} cannot be used: {exc}. Make one with: python -m eval gate --write"
        ) from exc
    return stored


def regressions(baseline: Mapping[str, Any], judged: Sequence[Judgement]) -> list[str]:
    """Describe the metrics that are worse than the baseline's interval allows.

    One that is no longer measured counts as worse.
    """
    found = scores(judged)
    worse = []
    for name, before in baseline["measures"].items():
        now = found.get(name)
        if now is None:
            worse.append(f"{name} is not measured any more")
        elif MEASURES[name].higher_is_better and now.value < before["low"]:
            worse.append(
                f"{name} {now.value:.3f} is below {before['low']:.3f} (baseline {before['value']:.3f}, n = {before['n']})"
            )
        elif not MEASURES[name].higher_is_better and now.value > before["high"]:
            worse.append(
                f"{name} {now.value:.3f} is above {before['high']:.3f} (baseline {before['value']:.3f}, n = {before['n']})"
            )
    return worse
