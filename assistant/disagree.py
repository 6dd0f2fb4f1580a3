"""What articles say differently about one thing, and what an article says that does not add up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.choose import Candidate, Choice, Chosen
from assistant.core.figures import Contradiction, Figure, agrees
from assistant.core.records import Article, Evidence
from assistant.evidence import figures_of

_MIN_PART = 0.12
"""Least probability of another figure, as a part of the chosen one's, that may speak of the same thing."""
_CORRECTION = re.compile(r"정정|바로잡|고침|đính chính|cải chính|correction|corrected", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures of several spans that do not agree on one thing; ``within`` says that one article contradicts itself."""

    sides: tuple[tuple[Evidence, Figure], ...]
    within: bool = False


def corrected(choice: Choice) -> Choice:
    """The choice with the correction's figure in the place of the one that it corrects.

    In an article that corrects another, a figure that the other one states too is what was wrong; the right one is new.
    """
    chosen = choice.chosen
    if chosen is None:
        return choice
    corrections = [c for c in choice.candidates if is_correction(c.evidence.article)]
    stated_before = [c for c in choice.candidates if not is_correction(c.evidence.article)]
    if not corrections or not _is_corrected(chosen, corrections, stated_before):
        return choice
    new = [
        (float(p), c)
        for c, p in zip(choice.candidates, choice.probabilities, strict=False)
        if is_correction(c.evidence.article)
        and _same_measure(c.figure, chosen.figure)
        and not any(agrees(c.figure, old.figure) for old in stated_before)
    ]
    if not new:
        return choice
    _, best = max(new, key=lambda found: found[0])
    return choice.with_chosen(Chosen(best.evidence, best.figure, chosen.confidence, chosen.is_certain))


def conflicts(chosen: Chosen, choice: Choice, contradictions: Mapping[str, Sequence[Contradiction]]) -> list[Conflict]:
    """Where other articles give another figure for the thing asked about, and where the chosen one's article does not add up."""
    found = []
    sides = [(chosen.evidence, chosen.figure)]
    least = _MIN_PART * chosen.confidence
    for candidate, probability in sorted(
        zip(choice.candidates, choice.probabilities, strict=False), key=lambda pair: -float(pair[1])
    ):
        is_other = candidate.evidence.article.id not in {item.article.id for item, _ in sides}
        if is_other and float(probability) >= least and _contradicts(candidate, sides):
            sides.append((candidate.evidence, candidate.figure))
    if len(sides) > 1:
        found.append(Conflict(tuple(sides)))
    own = (_within(chosen, contradiction) for contradiction in contradictions.get(chosen.evidence.article.id, ()))
    return found + [Conflict(pair, within=True) for pair in own if pair]


def is_correction(article: Article) -> bool:
    """Whether an article says in its title that it corrects another."""
    return _CORRECTION.search(article.title) is not None


def _is_corrected(chosen: Chosen, corrections: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Whether a correction repeats the chosen figure, or the chosen one is of a correction and repeats another article's."""
    against = others if is_correction(chosen.evidence.article) else corrections
    return any(agrees(candidate.figure, chosen.figure) for candidate in against)


def _same_measure(one: Figure, other: Figure) -> bool:
    return (one.kind, one.unit) == (other.kind, other.unit)


def _contradicts(candidate: Candidate, sides: Sequence[tuple[Evidence, Figure]]) -> bool:
    """Another value of the same measure for the same thing: a figure beside it is the same on both sides."""
    for _, figure in sides:
        if not _same_measure(candidate.figure, figure) or agrees(candidate.figure, figure) or agrees(figure, candidate.figure):
            return False
    shared = [f for f in figures_of(sides[0][0]) if f is not sides[0][1]]
    beside = [f for f in figures_of(candidate.evidence) if f is not candidate.figure]
    return any(agrees(one, other) for one in shared for other in beside)


def _within(chosen: Chosen, contradiction: Contradiction) -> tuple[tuple[Evidence, Figure], ...]:
    """Both conversions, where the chosen figure is one of their amounts; spans are those of the article."""
    item = chosen.evidence
    at = item.start + chosen.figure.start
    pairs = (contradiction.first, contradiction.second)
    if not any(figure.start == at for pair in pairs for figure in pair):
        return ()
    return tuple((Evidence(item.article, pair[0].start, pair[1].end, 0.0), pair[1]) for pair in pairs)
