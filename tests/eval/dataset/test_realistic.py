"""Realistic cases: what they claim, and how an answer to one is marked."""

from pathlib import Path
from typing import Any

import pytest

from assistant.core.errors import EvalError
from assistant.core.text import nfc
from eval.dataset.cases import Split
from eval.dataset.realistic import BUILT_IN, RealisticCase, lines, load_realistic, mark

CASES = load_realistic(BUILT_IN)
CASE = RealisticCase(
    "x",
    "ko",
    "얼마?",
    "figure",
    "a",
    (("148억", "14.8 billion"), ("오창",)),
    ("312억",),
    "148억 원을 잘라 냈다",
)


def _record(
    *sentences: tuple[str, str], status: str = "answered", quote: str = "다른 문장이다."
) -> dict[str, Any]:
    said = [{"text": text, "outcome": outcome, "citations": [1]} for text, outcome in sentences]
    return {
        "status": status,
        "sentences": said,
        "citations": [{"quote": quote, "url": "file:///articles/ko/a.txt"}],
    }


def test_there_are_many_in_every_pair_and_a_quarter_without_an_answer() -> None:
    articles = {path.stem: path for path in (BUILT_IN / "articles").rglob("*.txt")}
    assert len(articles) >= 40
    assert len(CASES) >= 500
    assert len({case.id for case in CASES}) == len(CASES)
    assert 0.2 < sum(not case.answerable for case in CASES) / len(CASES) < 0.3
    pairs = {(case.lang, articles[case.article].parent.name) for case in CASES if case.article}
    assert len(pairs) == 6
    halves = [{case.article for case in CASES if case.split is split} - {None} for split in Split]
    assert not halves[0] & halves[1]


@pytest.mark.parametrize("case", [case for case in CASES if case.answerable], ids=lambda case: case.id)
def test_the_span_is_in_its_article_and_the_gold_answer_is_right(case: RealisticCase) -> None:
    (article,) = (BUILT_IN / "articles").rglob(f"{case.article}.txt")
    assert nfc(case.span) in nfc(article.read_text(encoding="utf-8"))
    assert case.is_right(case.answer)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (_record(("오창 예산 148억 원을 깎았다.", "templated")), (True, False, False, True)),
        (_record(("오창 예산 2148억 원을 깎았다.", "templated")), (False, True, False, False)),
        (_record(("오창 예산 312억 원 중 148억 원을 깎았다.", "verified")), (False, True, False, False)),
        (
            _record(("“…”", "quoted"), status="quoted", quote="도비 가운데 148억 원을 잘라 냈다."),
            (False, False, False, True),
        ),
        (_record(("“…”", "quoted"), status="quoted"), (False, False, False, False)),
        (_record(status="no_evidence"), (False, False, True, False)),
        (None, (False, False, True, False)),
    ],
)
def test_what_is_stated_is_held_apart_from_what_is_quoted(
    record: dict[str, Any] | None, expected: tuple[bool, bool, bool, bool]
) -> None:
    found = mark(CASE, record)
    assert (found.right, found.wrong, found.refused, found.in_view) == expected


def test_the_table_has_the_measures_and_every_pair() -> None:
    text = "\n".join(lines([mark(case, None) for case in CASES], "title"))
    assert "wrongly refused                  100%" in text
    assert "ko → vi" in text


def test_a_folder_without_questions_or_with_a_damaged_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"no questions"):
        load_realistic(tmp_path)
    (tmp_path / "questions.jsonl").write_text('{"id": "a"}\n')
    with pytest.raises(EvalError, match=r"line 1 is not a case"):
        load_realistic(tmp_path)
