"""Marks, means and differences against tables computed by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest

from assistant.core.figures import Kind
from assistant.core.languages import Language
from eval.dataset.cases import Case, CaseType, GoldFigure, GoldSpan
from eval.measures.metrics import groups, judge, judgements, scores, worst_cell
from eval.measures.statistics import difference, mean
from eval.measures.support import (
    agreement_with_labels,
    is_supported,
    recall_and_precision,
    unsupported_figures,
)

CASE = Case(
    "k1",
    "점유율은 몇 %인가?",
    CaseType.FIGURE,
    True,
    (GoldFigure(Kind.PERCENT, "percent", "17"),),
    (GoldSpan("ko/a.md", "17%였다"),),
    "test",
    answer="17%입니다.",
)
UNANSWERABLE = Case("e1", "What is the share?", CaseType.UNANSWERABLE, False, (), (), "test")
CITATION = {
    "n": 1,
    "url": "file:///x/ko/a.md",
    "title": "중국 모델",
    "publisher": "신문",
    "published": "2025-11-27",
    "language": "ko",
    "quote": "중국 모델의 점유율은 17%였다.",
}


def _sentence(
    text: str = "점유율은 17%입니다.",
    outcome: str = "templated",
    citations: tuple[int, ...] = (1,),
    **of: str,
) -> Any:
    value = of.get("value", "17")
    figure = {
        "text": f"{value}%",
        "kind": "percent",
        "value": value,
        "low": None,
        "high": None,
        "unit": "percent",
    }
    return {"text": text, "citations": list(citations), "outcome": outcome, "figures": [figure]}


def _row(case: Case = CASE, rank: int | None = 2, **changes: Any) -> dict[str, Any]:
    answer = {
        "status": "answered",
        "text": "점유율은 17%입니다. [1]",
        "sentences": [_sentence()],
        "citations": [CITATION],
        "timings_ms": {"retrieve": 30, "first_sentence": 50, "total": 2000},
    }
    row = {
        "id": case.id,
        "question": case.question,
        "seconds": 2.0,
        "model_s": 4.0,
        "tokens": 40,
        "answer": answer | changes,
    }
    return row | ({"gold_rank": rank} if case.spans else {})


def test_a_right_answer_has_the_marks_computed_by_hand() -> None:
    assert judge(CASE, _row()).marks == {
        "wrongly_refused": 0.0,
        "unsupported": 0.0,
        "figure_accuracy": 1.0,
        "figure_recall": 1.0,
        "figure_precision": 1.0,
        "figure_shown": 1.0,
        "dangling": 0.0,
        "span_cited": 1.0,
        "citation_recall": 1.0,
        "citation_precision": 1.0,
        "r1": 0.0,
        "r5": 1.0,
        "mrr": 0.5,
        "ndcg": pytest.approx(1 / math.log2(3)),
        "sources_s": 0.03,
        "first_s": 0.05,
        "total_s": 2.0,
        "tokens_per_s": 10.0,
        "language": 1.0,
        "answer_recall": 1.0,
    }


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        (
            {"sentences": [_sentence(value="18")]},
            {"figure_accuracy": 0, "figure_precision": 0, "figure_recall": 0},
        ),
        (
            {"sentences": [_sentence("점유율은 18%입니다.")]},
            {"unsupported": 1, "citation_recall": 0, "citation_precision": 0},
        ),
        ({"sentences": [_sentence("점유율은 17%와 18%입니다.")]}, {"unsupported": 1, "citation_recall": 0}),
        (
            {"sentences": [_sentence(outcome="quoted", text="신문: “중국 모델의 점유율은 17%였다.”")]},
            {"figure_accuracy": 0, "figure_shown": 1, "citation_recall": 1},
        ),
        (
            {"sentences": [_sentence(outcome="quoted", text="신문: “점유율은 16%였다.”")]},
            {"citation_recall": 0, "unsupported": 1},
        ),
        ({"text": "점유율은 17%입니다. [2]"}, {"dangling": 1}),
        ({"sentences": [_sentence(citations=(1, 3))]}, {"dangling": 1}),
        ({"citations": [CITATION | {"url": "file:///x/vi/a.md"}]}, {"span_cited": 0}),
        ({"sentences": [_sentence("The share is 17 per cent.")]}, {"language": 0}),
        (
            {"status": "no_evidence", "sentences": [], "citations": []},
            {"wrongly_refused": 1, "figure_accuracy": 0},
        ),
        ({"text": "점유율은 17%"}, {"answer_recall": 0.2}),
    ],
)
def test_each_fault_lowers_its_own_mark(changes: dict[str, Any], marks: dict[str, float]) -> None:
    found = judge(CASE, _row(**changes)).marks
    assert {name: found[name] for name in marks} == marks


def test_of_two_gold_figures_one_is_half_recalled_and_a_further_figure_halves_precision() -> None:
    two = replace(CASE, figures=(*CASE.figures, GoldFigure(Kind.PERCENT, "percent", "15.8")))
    assert judge(two, _row(two)).marks["figure_recall"] == 0.5
    assert judge(two, _row(two)).marks["figure_accuracy"] == 0
    both = [_sentence(), _sentence(value="18")]
    assert judge(CASE, _row(sentences=both)).marks["figure_precision"] == 0.5


def test_figures_at_odds_count_as_stated_and_are_wanted_where_articles_differ() -> None:
    gold = (*CASE.figures, GoldFigure(Kind.PERCENT, "percent", "15.8"))
    case = replace(CASE, type=CaseType.DISAGREEMENT, figures=gold)
    without = judge(case, _row(case)).marks
    assert (without["figure_accuracy"], without["figure_recall"], without["conflict_shown"]) == (0, 0.5, 0)
    claims = [
        {"text": "17%", "citation": 1},
        {"text": "15.8%", "citation": 1},
        {"text": "99%", "citation": 7},
    ]
    shown = judge(case, _row(case, disagreements=[{"about": "…", "figures": claims}])).marks
    assert (shown["figure_accuracy"], shown["figure_recall"], shown["conflict_shown"]) == (1, 1, 1)
    elsewhere = judge(
        CASE, _row(sentences=[_sentence(value="18")], disagreements=[{"about": "…", "figures": claims}])
    ).marks
    assert elsewhere["figure_accuracy"] == 0
    assert "conflict_shown" not in elsewhere
    assert judge(case, None).marks["conflict_shown"] == 0


def test_the_worst_cell_is_a_pair_and_a_type_with_enough_cases() -> None:
    right, wrong = judge(CASE, _row()), judge(CASE, _row(sentences=[_sentence(value="18")]))
    english = replace(CASE, question="What is the share?")
    others = [judge(english, _row(english))] * 5
    assert worst_cell([wrong] * 4) is None
    name, m = worst_cell([right, right, wrong, wrong, wrong, *others]) or ("", None)
    assert name == "ko → ko, figure"
    assert m is not None
    assert (m.n, m.value) == (5, 0.4)


@pytest.mark.parametrize("row", [None, {"id": "k1", "question": "", "seconds": 1.0, "error": "broken"}])
def test_a_failure_is_wrong_in_everything_and_missing_in_nothing(row: Any) -> None:
    marks = judge(CASE, row).marks
    quality = judge(CASE, _row()).marks.keys() - {
        "sources_s",
        "first_s",
        "total_s",
        "tokens_per_s",
        "unsupported",
        "dangling",
    }
    assert marks.keys() == quality
    assert all(value == (1.0 if name == "wrongly_refused" else 0.0) for name, value in marks.items())
    assert judge(CASE, row).is_wrong


def test_an_unanswerable_question_is_right_when_refused() -> None:
    refused = _row(
        UNANSWERABLE, status="no_evidence", text="The articles do not say.", sentences=[], citations=[]
    )
    assert judge(UNANSWERABLE, refused).marks["wrongly_answered"] == 0
    assert judge(UNANSWERABLE, refused).marks["language"] == 1
    assert judge(UNANSWERABLE, _row(UNANSWERABLE)).is_wrong


def test_a_citation_is_precise_when_the_others_do_not_do_without_it() -> None:
    sentence = _sentence("중국은 17%, 미국은 15.8%입니다.", citations=(1, 2, 3))
    citations = [
        CITATION,
        CITATION | {"n": 2, "title": "미국 모델", "quote": "미국 모델은 15.8%였다."},
        CITATION | {"n": 3, "quote": "다른 이야기다."},
    ]
    assert recall_and_precision(sentence, citations, Language.KO) == (1.0, [1.0, 1.0, 0.0])
    assert recall_and_precision(sentence, citations[:1], Language.KO) == (0.0, [0.0])
    assert recall_and_precision(sentence, [], Language.KO) == (0.0, [])


def test_names_and_attributes_count_for_support_and_the_source_label_does_not() -> None:
    labelled = _sentence("신문 (2025-11-27) 기사에 따르면 17%입니다.")
    assert unsupported_figures(labelled, [CITATION], Language.KO) == []
    assert is_supported(labelled, [CITATION], Language.KO)
    assert not is_supported(_sentence("샤오미와 바이두의 매출은 17%입니다."), [CITATION], Language.KO)


def test_the_support_check_judges_as_a_person_did_in_most_of_100_sentences() -> None:
    alike, labelled = agreement_with_labels()
    assert labelled == 100
    assert alike >= 88


def test_means_and_groups_are_those_of_the_cases_that_apply() -> None:
    cases = [CASE, replace(CASE, id="k2"), UNANSWERABLE]
    rows = [_row(), _row(cases[1], sentences=[_sentence(value="18")]), _row(UNANSWERABLE)]
    judged = judgements(cases, rows)
    found = scores(judged)
    assert (found["figure_accuracy"].n, found["figure_accuracy"].value) == (2, 0.5)
    assert (found["wrongly_answered"].n, found["wrongly_answered"].value) == (1, 1.0)
    by = groups(judged)
    assert list(by["language"]) == ["en", "ko"]  # the worst first
    assert set(by["pair"]) == {"ko → ko", "en → –"}
    assert set(by["type"]) == {"figure", "unanswerable"}


def test_an_interval_holds_its_mean_and_narrows_with_more_cases() -> None:
    few, many = mean([0.0, 1.0] * 5), mean([0.0, 1.0] * 200)
    assert few
    assert many
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    # The standard error of 400 halves is 0.025; a 95 % interval reaches 1.96 of them to each side.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.025, abs=0.012)
    assert mean([]) is None
    assert mean([1.0]).low == 1.0  # type: ignore[union-attr]


def test_a_paired_difference_is_significant_only_where_it_is_steady() -> None:
    steady = difference([0.0] * 10, [1.0] * 10)
    assert steady
    assert steady.mean.value == 1
    assert steady.p == pytest.approx(2 / 2**10, abs=0.002)  # all signs alike, in both directions
    mixed = difference([0.0, 1.0] * 5, [1.0, 0.0] * 5)
    assert mixed
    assert (mixed.mean.value, mixed.p) == (0, 1)
