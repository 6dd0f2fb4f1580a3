"""Answers comparison questions ("Which is larger, A or B?"): two figures are chosen, and code compares them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from assistant.answering.draft import Draft
from assistant.core.entities import Name, find_attributes
from assistant.core.figures import Figure, render_figure
from assistant.core.languages import Language, pack
from assistant.question.answer_type import expected_answer_type
from assistant.question.understand import Question, understand
from assistant.reading.candidates import Chosen
from assistant.reading.pool import Choice
from assistant.writing import prompts

_APART = 12
"""Most characters between two adjacent names: ", ", " or ", "이야, "."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question per thing compared, with the thing's label in the answer."""

    labels: tuple[str, str]
    questions: tuple[Question, Question]
    wants_smaller: bool


def comparison_of(question: Question) -> Comparison | None:
    """The two questions that make up a comparison; None for any other question."""
    text, language = question.standalone, question.language
    rules = pack(language).comparison
    if not rules.asks.search(text):
        return None
    things = [name for name in question.names if not name.is_country] or list(question.names)
    pair = _adjacent(text, things)
    if pair:
        labels = (pair[0].text, pair[1].text)
    else:
        match = rules.parts.search(text)
        if match is None:
            return None
        labels = (match["one"].strip(), match["other"].strip())
    kinds = question.answer_type or expected_answer_type(text, language, anywhere=True)
    parts = [_only(text, labels[i], labels[1 - i]) for i in (0, 1)]
    one, other = (
        replace(understand(part, (), question.filters), text=question.text, language=language)
        for part in parts
    )
    return Comparison(
        labels,
        (replace(one, answer_type=kinds), replace(other, answer_type=kinds)),
        bool(rules.smaller.search(text)),
    )


def compare(draft: Draft, comparison: Comparison, choices: Sequence[Choice]) -> bool:
    """Compare the two chosen figures; False if either is not sure enough or they cannot be compared."""
    sure = [choice.chosen for choice in choices if choice.chosen and choice.is_certain]
    if len(sure) < len(choices):
        return False
    places = {(chosen.evidence.article.id, chosen.evidence.start, chosen.figure.start) for chosen in sure}
    if len(places) < len(sure) or not _are_alike(sure):  # one figure cannot belong to both
        return False
    text = in_words(comparison, sure, draft.language)
    if text:
        draft.show_stated(text, sure)
    return text is not None


def _are_alike(chosen: Sequence[Chosen]) -> bool:
    """Whether the text before two figures allows comparing them: revenue is not compared with spending."""
    first, second = (
        {a.id for a in find_attributes(one.evidence.quote[: one.figure.start], one.evidence.article.language)}
        for one in chosen
    )
    return chosen[0].evidence == chosen[1].evidence or not first or not second or bool(first & second)


def in_words(comparison: Comparison, chosen: Sequence[Chosen], language: Language) -> str | None:
    """The comparison in words; None if the figures cannot be compared."""
    sizes = [_size(one.figure) for one in chosen]
    first, second = chosen[0].figure, chosen[1].figure
    if sizes[0] is None or sizes[1] is None or (first.kind, first.unit) != (second.kind, second.unit):
        return None
    rendered = [render_figure(one.figure, language) for one in chosen]
    a, b = comparison.labels
    stated = {"one": a, "other": b, "one_figure": rendered[0], "other_figure": rendered[1]}
    if sizes[0] == sizes[1]:
        return prompts.render("comparison_equal", language, "template", **stated)
    larger, smaller = (a, b) if sizes[0] > sizes[1] else (b, a)
    if comparison.wants_smaller:
        return prompts.render("comparison_smaller", language, "template", **stated, smaller=smaller)
    return prompts.render("comparison", language, "template", **stated, larger=larger)


def _size(figure: Figure) -> Decimal | None:
    return next((value for value in (figure.value, figure.low, figure.high) if value is not None), None)


def _adjacent(text: str, names: Sequence[Name]) -> tuple[Name, Name] | None:
    """The first two names with little text between them."""
    placed = sorted(
        ((text.find(name.text), name) for name in names if name.text in text), key=lambda found: found[0]
    )
    return next(
        ((one, other) for (i, one), (j, other) in pairwise(placed) if j - i - len(one.text) <= _APART), None
    )


def _only(text: str, kept: str, left_out: str) -> str:
    """The question, reduced to one of the two things."""
    if kept not in text:
        return f"{kept} {text}"
    pieces = text.split(kept) if left_out in kept else [text]  # "Naver" stays in "Naver Cloud"
    return " ".join(kept.join(piece.replace(left_out, " ") for piece in pieces).split())
