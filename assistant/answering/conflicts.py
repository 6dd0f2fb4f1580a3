"""Finds disagreements between articles, contradictions within one, and corrections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.core.figures import Contradiction, Figure, agrees
from assistant.core.languages import Language, pack
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.reading.candidates import Candidate, Chosen
from assistant.reading.pool import Choice
from assistant.retrieval.scale import LanguageStats

_MIN_PART = 0.12
"""Minimum probability, relative to the chosen figure's, of another figure for the same thing."""
_MIN_ALIKE = 3.0
"""Minimum nearness, in standard deviations, of two sentences about the same thing."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures from several spans that disagree on one thing.

    ``within`` means that one article contradicts itself.
    """

    sides: tuple[tuple[Evidence, Figure], ...]
    within: bool = False


def corrected(choice: Choice) -> Choice:
    """The choice, with a figure that has been corrected replaced by its correction.

    In an article that corrects another, a figure that the other also states is the wrong one; the right one is
    new and follows it. Both are about the same thing, so their probabilities are added.
    """
    chosen = choice.chosen
    if chosen is None:
        return choice
    for before, right in _corrections(choice):
        if agrees(before.figure, chosen.figure) or agrees(right.figure, chosen.figure):
            confidence = round(choice.mass(before.figure, right.figure), 3)
            return choice.with_chosen(Chosen(right.evidence, right.figure, confidence))
    return choice


def _corrections(choice: Choice) -> Iterator[tuple[Candidate, Candidate]]:
    """Pairs of a figure that a correction calls wrong and the new one that follows it in the correction."""
    stated_before = [c for c in choice.candidates if not is_correction(c.evidence.article)]
    in_corrections = [c for c in choice.candidates if is_correction(c.evidence.article)]
    for old in in_corrections:
        wrong = next((before for before in stated_before if agrees(before.figure, old.figure)), None)
        if wrong is None:
            continue
        new = [
            c
            for c in in_corrections
            if c.evidence.article.id == old.evidence.article.id
            and _same_measure(c.figure, old.figure)
            and _at(c) > _at(old)
            and not any(
                agrees(c.figure, before.figure) or agrees(before.figure, c.figure) for before in stated_before
            )
        ]
        if new:
            yield wrong, min(new, key=_at)


def conflicts(
    chosen: Chosen,
    choice: Choice,
    contradictions: Mapping[str, Sequence[Contradiction]],
    stats: Mapping[Language, LanguageStats],
) -> list[Conflict]:
    """Other articles' disagreements with the chosen figure, and contradictions in the articles that state it."""
    found = []
    sides = [(chosen.evidence, chosen.figure)]
    sides += [
        (wrong.evidence, wrong.figure)
        for wrong, right in _corrections(choice)
        if agrees(right.figure, chosen.figure)
    ][:1]
    least = _MIN_PART * chosen.confidence
    for candidate, probability in sorted(
        zip(choice.candidates, choice.probabilities, strict=False), key=lambda pair: -float(pair[1])
    ):
        is_other = candidate.evidence.article.id not in {item.article.id for item, _ in sides}
        if is_other and float(probability) >= least and _contradicts(candidate, sides, stats):
            sides.append((candidate.evidence, candidate.figure))
    if len(sides) > 1:
        found.append(Conflict(tuple(sides)))
    stating = [c for c in choice.candidates if agrees(c.figure, chosen.figure)]
    within = [
        Conflict(pair, within=True)
        for candidate in stating
        for contradiction in contradictions.get(candidate.evidence.article.id, ())
        if (pair := _within(candidate, contradiction))
    ]
    return found + list(dict.fromkeys(within))


def is_correction(article: Article) -> bool:
    """Whether an article's title says that it corrects another."""
    return pack(article.language).titles.correction.search(article.title) is not None


def _at(candidate: Candidate) -> int:
    """The offset of a candidate in its article."""
    return candidate.evidence.start + candidate.figure.start


def _same_measure(one: Figure, other: Figure) -> bool:
    return (one.kind, one.unit) == (other.kind, other.unit)


def _contradicts(
    candidate: Candidate, sides: Sequence[tuple[Evidence, Figure]], stats: Mapping[Language, LanguageStats]
) -> bool:
    """Whether a candidate gives another value for the same thing, kind and unit being the same.

    It is the same thing if the sentences share another figure, or are near enough to each other.
    """
    for _, figure in sides:
        if (
            not _same_measure(candidate.figure, figure)
            or agrees(candidate.figure, figure)
            or agrees(figure, candidate.figure)
        ):
            return False
    item, figure = sides[0]
    if not is_correction(candidate.evidence.article) and any(
        agrees(f, figure) for f in candidate.evidence.figures
    ):
        return False  # "every week or every other week" contradicts neither
    shared = [f for f in item.figures if f is not figure]
    beside = [f for f in candidate.evidence.figures if f is not candidate.figure]
    if any(agrees(one, other) for one in shared for other in beside):
        return True
    cosine = float(item.vector @ candidate.evidence.vector)
    return stats[candidate.evidence.article.language].zscore(item.vector, cosine) >= _MIN_ALIKE


def _within(candidate: Candidate, contradiction: Contradiction) -> tuple[tuple[Evidence, Figure], ...]:
    """Both conversions if the candidate is one of their amounts, else empty; offsets are the article's."""
    article, pairs = candidate.evidence.article, (contradiction.first, contradiction.second)
    if not any(figure.start == _at(candidate) for pair in pairs for figure in pair):
        return ()
    return tuple(
        (Evidence(article, read_span(article, pair[0].start, pair[1].end)), pair[1]) for pair in pairs
    )
