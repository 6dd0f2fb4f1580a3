"""Scores a run: code checks every case against its gold figures, spans and words; failures count as wrong."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.core.figures import figure_json, read_figures
from assistant.core.languages import Language
from assistant.core.records import SentenceOutcome, Status
from assistant.core.text import detect_language, nfc
from eval.dataset.cases import Case, CaseType, GoldSpan
from eval.measures.statistics import Mean, mean
from eval.measures.support import recall_and_precision, unsupported_figures
from eval.runs import Row

_MARKER = re.compile(r"\[(\d+)\]")
_N_GRAM = 3
_CONFLICTS = (CaseType.DISAGREEMENT, CaseType.CONTRADICTION)
_MIN_CELL = 5
"""Minimum number of cases for a language pair and type to be named as the worst."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of an answer.

    ``unit`` is "share" (0 to 1), "figures", "markers", "seconds" or "tokens a second".
    """

    name: str
    title: str
    unit: str = "share"
    higher_is_better: bool = True


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("figure_accuracy", "figure right"),
        Measure("figure_shown", "figure shown"),
        Measure("figure_precision", "figures precise"),
        Measure("figure_recall", "figures recalled"),
        Measure("unsupported", "unsupported figures", "figures", higher_is_better=False),
        Measure("citation_recall", "citation recall"),
        Measure("citation_precision", "citation precision"),
        Measure("span_cited", "span cited"),
        Measure("conflict_shown", "conflicts shown"),
        Measure("dangling", "dangling markers", "markers", higher_is_better=False),
        Measure("wrongly_refused", "wrongly refused", higher_is_better=False),
        Measure("wrongly_answered", "wrongly answered", higher_is_better=False),
        Measure("language", "language right"),
        Measure("answer_recall", "gold words recalled"),
        Measure("judged", "right by the judge"),
        Measure("r1", "R@1"),
        Measure("r5", "R@5"),
        Measure("mrr", "MRR"),
        Measure("ndcg", "nDCG"),
        Measure("sources_s", "sources after", "seconds", higher_is_better=False),
        Measure("first_s", "first sentence after", "seconds", higher_is_better=False),
        Measure("total_s", "whole answer after", "seconds", higher_is_better=False),
        Measure("tokens_per_s", "model's speed", "tokens a second"),
    )
}
"""Metrics by name.

"Figure right": every gold figure is stated outside quotations or, for conflicting figures, in the list of conflicts.
"Figure shown": quotations count too. "Figures precise": the share of stated figures that are gold. Refusals
are NoMIRACL's two error rates (Thakur et al. 2024): the share of answerable questions refused, and of unanswerable
ones answered. Gold words are the character 3-grams of the gold answer (BERGEN, Rau et al. 2024); retrieval metrics
look for passages with gold spans."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One case's marks by metric name, as in ``MEASURES``; metrics that do not apply to the case are absent."""

    case: Case
    marks: Mapping[str, float]

    @property
    def is_wrong(self) -> bool:
        """Whether the case was wrongly refused or answered, or is a figure question without the right figure."""
        if self.marks.get("wrongly_refused") or self.marks.get("wrongly_answered"):
            return True
        return self.case.type is CaseType.FIGURE and not self.marks.get("figure_accuracy")


def judge(case: Case, row: Row | None) -> Judgement:
    """Score one case; a missing or failed answer is wrong on every metric that can be right or wrong."""
    answer = (row or {}).get("answer")
    if row is None or answer is None:
        return Judgement(case, _failed(case))
    refused = answer["status"] == Status.NO_EVIDENCE
    marks = {"wrongly_refused" if case.answerable else "wrongly_answered": float(refused is case.answerable)}
    marks |= (
        _figure_marks(case, answer)
        | _citation_marks(case, answer)
        | _retrieval_marks(case, row)
        | _times(answer, row)
    )
    written = [s["text"] for s in answer["sentences"] if s["outcome"] != SentenceOutcome.QUOTED] or (
        [answer["text"]] if refused else []
    )
    if written:
        marks["language"] = float(all(detect_language(text) is case.language for text in written))
    if case.answer:
        marks["answer_recall"] = _n_gram_recall(case.answer, answer["text"])
    return Judgement(case, marks)


def judgements(
    cases: Sequence[Case], rows: Sequence[Row], judged: Mapping[str, float] | None = None
) -> list[Judgement]:
    """Score all cases; ``judged`` holds a judge's marks by case id."""
    by_id = {row["id"]: row for row in rows}
    found = [judge(case, by_id.get(case.id)) for case in cases]
    beside = judged or {}
    return [
        replace(j, marks={**j.marks, "judged": beside[j.case.id]}) if j.case.id in beside else j
        for j in found
    ]


def scores(judged: Sequence[Judgement]) -> dict[str, Mean]:
    """The mean of every metric over the cases it applies to."""
    found = {name: mean([j.marks[name] for j in judged if name in j.marks]) for name in MEASURES}
    return {name: value for name, value in found.items() if value}


def groups(judged: Sequence[Judgement]) -> dict[str, dict[str, list[Judgement]]]:
    """The cases by question language, by question and article language pair, and by type; each sorted worst first.

    The worst group has the largest share of wrong cases.
    """
    keys: dict[str, Callable[[Case], str]] = {
        "language": lambda case: str(case.language),
        "pair": pair,
        "type": lambda case: str(case.type),
    }
    found: dict[str, dict[str, list[Judgement]]] = {}
    for name, key in keys.items():
        of_key: dict[str, list[Judgement]] = {}
        for judgement in judged:
            of_key.setdefault(key(judgement.case), []).append(judgement)
        found[name] = dict(sorted(of_key.items(), key=lambda group: _goodness(group[1])))
    return found


def worst_cell(judged: Sequence[Judgement]) -> tuple[str, Mean] | None:
    """The language pair and type with the lowest figure accuracy.

    None if no cell has enough cases.
    """
    cells: dict[str, list[float]] = {}
    for judgement in judged:
        if "figure_accuracy" in judgement.marks:
            name = f"{pair(judgement.case)}, {judgement.case.type}"
            cells.setdefault(name, []).append(judgement.marks["figure_accuracy"])
    found = [(name, m) for name, values in cells.items() if len(values) >= _MIN_CELL and (m := mean(values))]
    return min(found, key=lambda cell: (cell[1].value, cell[0]), default=None)


def pair(case: Case) -> str:
    """The question's language and those of its gold spans."""
    return (
        f"{case.language} → {'+'.join(sorted({detect_language(span.quote) for span in case.spans})) or '–'}"
    )


def _goodness(judged: Sequence[Judgement]) -> float:
    return sum(not judgement.is_wrong for judgement in judged) / len(judged)


def _failed(case: Case) -> dict[str, float]:
    marks = {"wrongly_refused" if case.answerable else "wrongly_answered": 1.0, "language": 0.0}
    if case.figures:
        marks |= dict.fromkeys(("figure_accuracy", "figure_shown", "figure_precision", "figure_recall"), 0.0)
    if case.type in _CONFLICTS:
        marks["conflict_shown"] = 0.0
    if case.spans:
        marks |= {"span_cited": 0.0, "citation_recall": 0.0, "citation_precision": 0.0} | _ranked(None)
    return marks | ({"answer_recall": 0.0} if case.answer else {})


def _figure_marks(case: Case, answer: Mapping[str, Any]) -> dict[str, float]:
    cited = {citation["n"]: citation for citation in answer["citations"]}
    marks = {
        "unsupported": float(
            sum(
                # A peer's sentence without citation numbers is checked against all its sources.
                len(
                    unsupported_figures(
                        s, [cited[n] for n in s["citations"] or cited if n in cited], case.language
                    )
                )
                for s in answer["sentences"]
            )
        )
    }
    claimed = _claimed(answer, cited) if case.type in _CONFLICTS else []
    if case.type in _CONFLICTS:
        marks["conflict_shown"] = float(
            any(gold.is_stated(figure) for gold in case.figures for figure in claimed)
        )
    if not case.figures:
        return marks
    shown = [(f, sentence["outcome"]) for sentence in answer["sentences"] for f in sentence["figures"]]
    stated = [figure for figure, outcome in shown if outcome != SentenceOutcome.QUOTED]
    recalled = [any(map(gold.is_stated, [*stated, *claimed])) for gold in case.figures]
    marks |= {"figure_accuracy": float(all(recalled)), "figure_recall": sum(recalled) / len(recalled)}
    marks["figure_shown"] = float(
        all(any(map(gold.is_stated, [*claimed, *(f for f, _ in shown)])) for gold in case.figures)
    )
    if stated:
        marks["figure_precision"] = sum(
            any(gold.is_stated(f) for gold in case.figures) for f in stated
        ) / len(stated)
    return marks


def _claimed(answer: Mapping[str, Any], cited: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The conflicting figures that an answer lists, each as its own article writes it."""
    claims = [
        claim
        for each in answer.get("disagreements", ())
        for claim in each["figures"]
        if claim["citation"] in cited
    ]
    read = (read_figures(claim["text"], Language(cited[claim["citation"]]["language"])) for claim in claims)
    return [figure_json(figure) for figures in read for figure in figures]


def _citation_marks(case: Case, answer: Mapping[str, Any]) -> dict[str, float]:
    cited = {citation["n"]: citation for citation in answer["citations"]}
    numbers = [n for s in answer["sentences"] for n in s["citations"]]
    written = [int(n) for n in _MARKER.findall(answer["text"])] if answer["sentences"] else []
    marks = {"dangling": float(sum(n not in cited for n in {*numbers, *written}))}
    if case.spans:
        spans = [(citation, span) for citation in answer["citations"] for span in case.spans]
        marks["span_cited"] = float(any(_overlaps(citation, span) for citation, span in spans))
    checked = [
        recall_and_precision(s, [cited[n] for n in s["citations"] if n in cited], case.language)
        for s in answer["sentences"]
    ]
    if checked:
        marks["citation_recall"] = sum(recall for recall, _ in checked) / len(checked)
        precise = [mark for _, each in checked for mark in each]
        marks["citation_precision"] = sum(precise) / len(precise) if precise else 0.0
    return marks


def _retrieval_marks(case: Case, row: Row) -> dict[str, float]:
    return _ranked(row["gold_rank"]) if case.spans and "gold_rank" in row else {}


def _ranked(rank: int | None) -> dict[str, float]:
    if rank is None:
        return {"r1": 0.0, "r5": 0.0, "mrr": 0.0, "ndcg": 0.0}
    return {"r1": float(rank == 1), "r5": float(rank <= 5), "mrr": 1 / rank, "ndcg": 1 / math.log2(rank + 1)}


def _times(answer: Mapping[str, Any], row: Row) -> dict[str, float]:
    names = {"sources_s": "retrieve", "first_s": "first_sentence", "total_s": "total"}
    times = {
        name: answer["timings_ms"][key] / 1000 for name, key in names.items() if key in answer["timings_ms"]
    }
    return times | (
        {"tokens_per_s": row["tokens"] / row["model_s"]} if row.get("tokens") and row.get("model_s") else {}
    )


def _n_gram_recall(gold: str, text: str) -> float:
    """Share of the gold answer's character 3-grams that a text contains, counting repeats."""
    wanted, found = (Counter(_n_grams(words)) for words in (gold, text))
    return sum((wanted & found).values()) / wanted.total() if wanted else 0.0


def _n_grams(text: str) -> list[str]:
    words = " ".join(nfc(text).lower().split())
    return [words[i : i + _N_GRAM] for i in range(len(words) - _N_GRAM + 1)]


def _overlaps(citation: Mapping[str, str], span: GoldSpan) -> bool:
    return span.is_of(citation["url"]) and (
        span.quote in citation["quote"] or citation["quote"] in span.quote
    )
