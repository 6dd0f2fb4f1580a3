"""Cases, marks against tables computed by hand, and runs that go on where they stopped."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.figures import Kind
from assistant.core.settings import Settings
from eval.cases import Case, CaseType, GoldFigure, GoldSpan, load_cases, unproven
from eval.metrics import judge, score, score_by_language, wrong_cases
from eval.report import html, table
from eval.runs import load_rows, run_cases
from ingest.samples import FOLDER as SAMPLES

CASE = Case(
    "k1",
    "점유율은 몇 %인가?",
    CaseType.FIGURE,
    True,
    (GoldFigure(Kind.PERCENT, "percent", "17"),),
    (GoldSpan("ko/a.md", "17%였다"),),
    "test",
)
UNANSWERABLE = Case("e1", "What is the share?", CaseType.UNANSWERABLE, False, (), (), "test")


def _row(
    case: Case = CASE, value: str = "17", status: str = "answered", outcome: str = "templated", **changes: Any
) -> dict[str, Any]:
    figure = {
        "text": f"{value}%",
        "kind": "percent",
        "value": value,
        "low": None,
        "high": None,
        "unit": "percent",
        "agrees_with": {"citation": 1, "text": "x"},
    }
    answer = {
        "status": status,
        "text": "점유율은 이렇다.",
        "sentences": [{"text": "점유율은 17%이다.", "citations": [1], "outcome": outcome, "figures": [figure]}],
        "citations": [{"url": "file:///x/ko/a.md", "quote": "점유율은 17%였다."}],
    }
    return {"id": case.id, "seconds": 1.0, "answer": {**answer, **changes}}


@pytest.mark.parametrize(
    ("row", "figure", "cited", "refusal", "unsupported"),
    [
        (_row(), True, True, True, 0),
        (_row(value="18"), False, True, True, 0),
        (_row(outcome="quoted"), False, True, True, 0),
        (_row(status="no_evidence", sentences=[], citations=[]), False, False, False, 0),
        (_row(citations=[{"url": "file:///x/vi/a.md", "quote": "점유율은 17%였다."}]), True, False, True, 0),
        ({"id": "k1", "seconds": 1.0, "error": "broken"}, False, False, False, 0),
        (None, False, False, False, 0),
    ],
)
def test_a_case_is_marked_as_by_hand(row: Any, figure: bool, cited: bool, refusal: bool, unsupported: int) -> None:
    mark = judge(CASE, row)
    assert (mark.figure_right, mark.cited_right, mark.refusal_right, mark.unsupported) == (figure, cited, refusal, unsupported)


def test_a_figure_without_a_source_is_counted_as_unsupported() -> None:
    row = _row()
    row["answer"]["sentences"][0]["figures"][0]["agrees_with"] = None
    assert judge(CASE, row).unsupported == 1


def test_an_answer_in_another_language_is_marked_wrong() -> None:
    row = _row()
    row["answer"]["sentences"][0]["text"] = "The share is 17 per cent."
    assert judge(CASE, row).language_right is False


def test_scores_are_shares_of_the_cases_that_apply_as_by_hand() -> None:
    other = replace(CASE, id="k2")
    marks = [judge(CASE, _row()), judge(other, _row(value="18")), judge(UNANSWERABLE, _row(UNANSWERABLE))]
    result = score(marks)
    assert (result.n, result.figure_accuracy, result.citation_accuracy) == (3, 0.5, 1.0)
    assert (result.wrongly_refused, result.wrongly_answered) == (0.0, 1.0)


def test_a_case_without_an_answer_counts_as_wrong() -> None:
    scores = score_by_language([CASE, UNANSWERABLE], [])
    assert (scores["ko"].figure_accuracy, scores["ko"].wrongly_refused, scores["all"].n) == (0.0, 1.0, 2)
    assert wrong_cases([CASE, UNANSWERABLE], []) == ["k1", "e1"]


def test_table_and_page_show_every_language_and_escape_answers() -> None:
    scores, rows = score_by_language([CASE], [_row(text="<script>")]), [_row(text="<script>")]
    assert [line.split()[0] for line in table(scores).splitlines()[1:]] == ["ko", "all"]
    page = html(scores, [CASE], rows)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_built_in_cases_are_really_in_their_articles() -> None:
    cases = load_cases()
    assert len(cases) >= 30
    assert sum(not case.answerable for case in cases) >= 6
    assert {case.language for case in cases} == {"ko", "vi", "en"}
    assert unproven(cases, SAMPLES) == []
    assert unproven([CASE], SAMPLES) == ["k1: there is no article ko/a.md", "k1: no span states 17 percent"]


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"id": "x"}', "line 1 is not a case: question"), ("nonsense", "line 1 is not a case"), ("", "holds no cases")],
)
def test_wrong_cases_are_refused_with_their_line(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(content)
    with pytest.raises(EvalError, match=message):
        load_cases(file)
    with pytest.raises(EvalError, match="cannot be read"):
        load_cases(tmp_path / "missing.jsonl")


def test_a_run_goes_on_where_it_stopped_even_within_a_line(samples: Archive, settings: Settings, tmp_path: Path) -> None:
    cases = load_cases()[:3]
    file = tmp_path / "run.jsonl"
    pipeline = AnswerPipeline(samples, None, settings)
    first = next(run_cases(pipeline, cases, file))
    with file.open("a") as out:
        out.write('{"id": "ko-ko-us-sh')  # cut off by a crash
    rest = list(run_cases(pipeline, cases, file))
    assert [first["id"], *(row["id"] for row in rest)] == [case.id for case in cases]
    assert [row["id"] for row in load_rows(file)] == [case.id for case in cases]
    assert list(run_cases(pipeline, cases, file)) == []


def test_without_a_model_no_figure_is_shown_without_a_source(samples: Archive, settings: Settings, tmp_path: Path) -> None:
    cases = load_cases()
    rows = list(run_cases(AnswerPipeline(samples, None, settings), cases, tmp_path / "run.jsonl"))
    assert not [row for row in rows if "error" in row]
    scores = score_by_language(cases, json.loads(json.dumps(rows)))
    assert scores["all"].unsupported == 0
    assert scores["all"].language_accuracy == 1.0
