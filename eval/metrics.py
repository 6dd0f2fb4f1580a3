"""What a run is worth: every case judged by code against its gold figures and spans, failures counted as wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.core.records import Outcome, Status
from assistant.core.text import Language, detect_language
from eval.cases import Case, CaseType, GoldSpan
from eval.runs import Row


@dataclass(frozen=True, slots=True)
class Judgement:
    """One case's marks; None where a measure does not apply to the case."""

    case: Case
    figure_right: bool | None
    cited_right: bool | None
    refusal_right: bool
    unsupported: int
    language_right: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of a group of cases, 0 to 1, None where no case applies; ``unsupported`` counts figures shown without a source."""

    n: int
    figure_accuracy: float | None
    citation_accuracy: float | None
    wrongly_refused: float | None
    wrongly_answered: float | None
    unsupported: int
    language_accuracy: float | None


def judge(case: Case, row: Row | None) -> Judgement:
    """Marks of one case; a missing or failed answer is wrong in everything that applies."""
    answer = (row or {}).get("answer")
    gold, spans = bool(case.figures), bool(case.spans)
    if answer is None:
        return Judgement(case, False if gold else None, False if spans else None, False, 0, False)
    written = [s for s in answer["sentences"] if s["outcome"] != Outcome.QUOTED]
    stated = [figure for sentence in written for figure in sentence["figures"]]
    refused = answer["status"] == Status.NO_EVIDENCE
    return Judgement(
        case,
        figure_right=all(any(map(g.is_stated, stated)) for g in case.figures) if gold else None,
        cited_right=any(_overlaps(citation, span) for citation in answer["citations"] for span in case.spans) if spans else None,
        refusal_right=refused is not case.answerable,
        unsupported=sum(f["agrees_with"] is None for s in answer["sentences"] for f in s["figures"]),
        language_right=_language_right(case.language, [s["text"] for s in written] or ([answer["text"]] if refused else [])),
    )


def score(judgements: Sequence[Judgement]) -> Score:
    """The marks of a group of cases as shares."""
    return Score(
        n=len(judgements),
        figure_accuracy=_share([j.figure_right for j in judgements]),
        citation_accuracy=_share([j.cited_right for j in judgements]),
        wrongly_refused=_share([not j.refusal_right for j in judgements if j.case.answerable]),
        wrongly_answered=_share([not j.refusal_right for j in judgements if not j.case.answerable]),
        unsupported=sum(j.unsupported for j in judgements),
        language_accuracy=_share([j.language_right for j in judgements]),
    )


def score_by_language(cases: Sequence[Case], rows: Sequence[Row]) -> dict[str, Score]:
    """Scores per question language, then of all."""
    by_id: Mapping[str, Row] = {row["id"]: row for row in rows}
    judgements = [judge(case, by_id.get(case.id)) for case in cases]
    groups = {str(tag): [j for j in judgements if j.case.language is tag] for tag in Language}
    return {tag: score(group) for tag, group in groups.items() if group} | {"all": score(judgements)}


def wrong_cases(cases: Sequence[Case], rows: Sequence[Row]) -> list[str]:
    """Ids of the cases with a wrong figure or a wrong refusal."""
    by_id = {row["id"]: row for row in rows}
    return [
        case.id
        for case in cases
        if not (mark := judge(case, by_id.get(case.id))).refusal_right or (case.type is CaseType.FIGURE and not mark.figure_right)
    ]


def _overlaps(citation: Mapping[str, str], span: GoldSpan) -> bool:
    return span.is_of(citation["url"]) and (span.quote in citation["quote"] or citation["quote"] in span.quote)


def _language_right(language: Language, texts: Sequence[str]) -> bool | None:
    return all(detect_language(text) is language for text in texts) if texts else None


def _share(marks: Sequence[bool | None]) -> float | None:
    applicable = [mark for mark in marks if mark is not None]
    return sum(applicable) / len(applicable) if applicable else None
