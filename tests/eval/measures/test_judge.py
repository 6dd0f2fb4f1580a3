"""The optional judge: what it is asked, what it says, and that its verdict falls with the answer it was of."""

import json
from pathlib import Path

import pytest
from fakes import ScriptedModel

from assistant.core.errors import EvalError
from assistant.core.figures import Kind
from eval.dataset.cases import Case, CaseType, GoldFigure
from eval.measures.judge import judge_prompt, judge_rows, load_verdicts, marks
from eval.measures.metrics import judgements, scores
from eval.runs import Row

CASE = Case(
    "k1",
    "점유율은?",
    CaseType.FIGURE,
    True,
    (GoldFigure(Kind.PERCENT, "percent", "17"),),
    (),
    "test",
    answer="17%입니다.",
)
OTHER = Case("k2", "연도는?", CaseType.NARRATIVE, True, (), (), "test", answer="2025년입니다.")
REFUSED = Case("k3", "매출은?", CaseType.UNANSWERABLE, False, (), (), "test")


def _row(case: Case, text: str) -> Row:
    answer = {"status": "answered", "text": text, "sentences": [], "citations": [], "timings_ms": {}}
    return {"id": case.id, "question": case.question, "seconds": 1.0, "answer": answer}


def test_a_verdict_is_kept_with_its_reason_and_asked_for_once(tmp_path: Path) -> None:
    file, rows = tmp_path / "run.judge.jsonl", [_row(CASE, "71%입니다."), _row(REFUSED, "모릅니다.")]
    model = ScriptedModel(says="WRONG\n수치가 다릅니다.")
    (verdict,) = judge_rows(model, "small", [CASE, OTHER, REFUSED], rows, file)
    assert (verdict.is_right, verdict.reason, verdict.model) == (False, "수치가 다릅니다", "small")
    assert "17%입니다. (17 percent)" in model.asked[0]
    assert list(judge_rows(model, "small", [CASE], rows, file)) == []
    assert len(list(judge_rows(ScriptedModel(says="RIGHT: same"), "large", [CASE], rows, file))) == 1
    with file.open("a", encoding="utf-8") as out:
        out.write('{"id": "k1", "is_ri')  # cut off by a crash
    assert load_verdicts(file)["k1"].is_right is True


def test_a_verdict_falls_with_the_answer_and_a_failed_answer_counts_as_wrong(tmp_path: Path) -> None:
    file, rows = tmp_path / "run.judge.jsonl", [_row(CASE, "17%입니다."), _row(OTHER, "2025년입니다.")]
    list(judge_rows(ScriptedModel(says="RIGHT\nsame"), "small", [CASE, OTHER], rows, file))
    verdicts = load_verdicts(file)
    assert marks([CASE, OTHER, REFUSED], rows, verdicts) == {"k1": 1.0, "k2": 1.0}
    changed = [_row(CASE, "71%입니다."), rows[1]]
    assert marks([CASE, OTHER], changed, verdicts) == {"k2": 1.0}
    failed = [{"id": "k1", "question": CASE.question, "seconds": 1.0, "error": "broken"}, rows[1]]
    judged = judgements([CASE, OTHER], failed, marks([CASE, OTHER], failed, verdicts))
    assert scores(judged)["judged"].value == 0.5
    assert marks([CASE], rows, {}) == {}


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("The right answer is 17%.\nWRONG", False),
        ("RIGHT입니다.", True),
        ("Not right.", None),
        ("WRONG이다", False),
    ],
)
def test_only_the_two_words_as_they_are_asked_for_decide(
    tmp_path: Path, reply: str, is_right: bool | None
) -> None:
    (verdict,) = judge_rows(
        ScriptedModel(says=reply), "small", [CASE], [_row(CASE, "17%")], tmp_path / "j.jsonl"
    )
    assert verdict.is_right is is_right


def test_a_judge_that_keeps_to_neither_word_has_no_verdict(tmp_path: Path) -> None:
    (verdict,) = judge_rows(
        ScriptedModel(says="Có lẽ."), "small", [CASE], [_row(CASE, "17%")], tmp_path / "j.jsonl"
    )
    assert (verdict.is_right, verdict.reason) == (None, "Có lẽ.")


def test_the_judge_is_asked_in_the_language_of_the_question() -> None:
    system, user = judge_prompt(CASE, "$answer")
    assert "판정합니다" in str(system.content)
    assert "답변: $answer" in str(user.content)


def test_damaged_verdicts_are_named(tmp_path: Path) -> None:
    file = tmp_path / "j.jsonl"
    file.write_text(json.dumps({"id": "k1"}) + "\n")
    with pytest.raises(EvalError, match="judge again"):
        load_verdicts(file)
