"""Builds with a fault each: the gate fails them, and names the right measure."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedModel

from assistant.answering.draft import Draft
from assistant.answering.pipeline import AnswerPipeline
from assistant.answering.plan import Findings
from assistant.answering.routes.write import Writer
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.languages import Language
from assistant.core.records import Evidence
from assistant.core.settings import Settings
from assistant.question.understand import Question
from assistant.writing.verify import Verdict
from eval.dataset.cases import Case, CaseType, load_cases
from eval.measures.metrics import judgements
from eval.measures.regression import BUILT_IN, baseline_of, load_baseline, regressions, subset
from eval.runs import Row, run_cases
from eval.systems.product import Product

LIE = "점유율은 99.9%입니다. [1]"


class Credulous(Writer):
    """Its verifier lets everything pass."""

    def _verify(self, draft: Draft, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        return Verdict(sentence, (evidence[0],), (), None)

    def _why_not_sure(self, draft: Draft, verdict: Verdict) -> str | None:
        return None


class Unverified(AnswerPipeline):
    """It believes its model."""

    @property
    def writer(self) -> Writer | None:
        real = super().writer
        return Credulous(real.model, real.settings, real.embedder, real.calibration) if real else None


class Refuser(AnswerPipeline):
    """It refuses everything."""

    def _findings(self, draft: Draft) -> Findings:
        return replace(super()._findings(draft), evidence=())


class Foreigner(AnswerPipeline):
    """It answers in Vietnamese."""

    def prepare(self, question: Question, started: float | None = None) -> Draft:
        draft = super().prepare(question, started)
        draft.question = replace(draft.question, language=Language.VI)
        return draft


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    korean = [case for case in load_cases() if case.language is Language.KO and not case.history]
    types = (CaseType.FIGURE, CaseType.NARRATIVE, CaseType.UNANSWERABLE)
    return [case for kind in types for case in [c for c in korean if c.type is kind][:8]]


def _answered(pipeline: AnswerPipeline, cases: list[Case], file: Path) -> list[Row]:
    return list(run_cases(Product(pipeline), cases, file, {}))


@pytest.fixture(scope="module")
def healthy(
    samples: Archive, settings: Settings, cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], list[Row]]:
    rows = _answered(
        AnswerPipeline(samples, ScriptedModel(says=LIE), settings),
        cases,
        tmp_path_factory.mktemp("runs") / "healthy.jsonl",
    )
    return baseline_of(judgements(cases, rows)), rows


def test_the_build_itself_passes(healthy: tuple[dict[str, Any], list[Row]], cases: list[Case]) -> None:
    baseline, rows = healthy
    assert baseline["measures"]["unsupported"]["value"] == 0
    assert regressions(baseline, judgements(cases, rows)) == []


@pytest.mark.parametrize(
    ("build", "measure"),
    [(Unverified, "unsupported"), (Refuser, "wrongly_refused"), (Foreigner, "language")],
)
def test_a_faulty_build_fails_on_its_measure(
    build: type[AnswerPipeline],
    measure: str,
    healthy: tuple[dict[str, Any], list[Row]],
    cases: list[Case],
    samples: Archive,
    settings: Settings,
    tmp_path: Path,
) -> None:
    rows = _answered(build(samples, ScriptedModel(says=LIE), settings), cases, tmp_path / "faulty.jsonl")
    assert measure in {line.split()[0] for line in regressions(healthy[0], judgements(cases, rows))}


def test_shuffled_citations_fail_on_the_citations(
    healthy: tuple[dict[str, Any], list[Row]], cases: list[Case]
) -> None:
    baseline, rows = healthy
    cited = [row for row in rows if row["answer"]["citations"]]
    quotes = [row["answer"]["citations"][0] for row in cited]
    shuffled = json.loads(json.dumps(rows))
    for row, other in zip(
        [r for r in shuffled if r["answer"]["citations"]], [*quotes[1:], quotes[0]], strict=True
    ):
        row["answer"]["citations"] = [
            citation | {"quote": other["quote"], "url": other["url"]}
            for citation in row["answer"]["citations"]
        ]
    failed = {line.split()[0] for line in regressions(baseline, judgements(cases, shuffled))}
    assert {"citation_recall", "citation_precision", "span_cited"} <= failed


def test_a_measure_that_is_gone_is_worse(
    healthy: tuple[dict[str, Any], list[Row]], cases: list[Case]
) -> None:
    unanswerable = [case for case in cases if not case.answerable]
    assert "figure_accuracy is not measured any more" in regressions(
        healthy[0], judgements(unanswerable, healthy[1])
    )


def test_the_stored_baseline_is_of_built_in_cases() -> None:
    stored = load_baseline(BUILT_IN)
    assert set(stored["cases"]) == {case.id for case in subset(load_cases())}
    assert 30 <= len(stored["cases"]) <= 60
    assert stored["measures"]["unsupported"]["value"] == 0


def test_a_baseline_that_is_none_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="python -m eval gate --write"):
        load_baseline(tmp_path / "missing.json")
    (tmp_path / "wrong.json").write_text('{"cases": []}')
    with pytest.raises(EvalError, match="names no cases"):
        load_baseline(tmp_path / "wrong.json")
