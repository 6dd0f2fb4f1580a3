"""Alters the figures of true sentences, one at a time, and checks whether comparison with the original notices."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.core.figures import Figure, agrees, read_figures, unit_of
from assistant.core.figures.agreement import as_written
from assistant.core.languages import Language

_DIGIT = re.compile(r"\d")
_SWAPS = {
    "unit": (
        *(
            ("원", "위안"),
            ("위안", "원"),
            ("달러", "원"),
            ("%", "%p"),
            ("퍼센트", "퍼센트포인트"),
            ("명", "개"),
            ("개월", "년"),
        ),
        *(
            ("년간", "개월간"),
            ("언어", "국가"),
            ("점", "%"),
            ("배", "%"),
            ("토큰", "파라미터"),
            ("파라미터", "토큰"),
        ),
        *(
            (" tỷ đồng", " tỷ won"),
            (" USD", " đồng"),
            (" won", " USD"),
            (" đồng", " USD"),
            ("phần trăm", "điểm phần trăm"),
        ),
        *(
            (" người", " công ty"),
            (" doanh nghiệp", " người"),
            (" tháng", " năm"),
            (" năm", " tháng"),
            (" giờ", " ngày"),
        ),
    ),
    "scale": (
        *(("만", "억"), ("억", "조"), ("조", "억"), ("억", "만"), ("천", "백"), ("천", "만")),
        *((" triệu", " tỷ"), (" tỷ", " triệu"), (" nghìn", " triệu"), (" nghìn tỷ", " tỷ")),
    ),
}


class AlterationOutcome(StrEnum):
    """Outcome of an alteration.

    ``APART``: it equals another figure of the sentence; ``SAME``: the value did not change.
    """

    CAUGHT = "caught"
    MISSED = "missed"
    APART = "apart"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A sentence with one altered figure.

    ``way`` names what was altered: digit, factor, separator, unit or scale.
    """

    way: str
    text: str
    outcome: AlterationOutcome


def mutations(sentence: str, language: Language) -> Iterator[Mutation]:
    """Every alteration of every figure of a sentence."""
    sources = read_figures(sentence, language)
    for figure in sources:
        for way, words in _altered(figure, language):
            text = sentence[: figure.start] + words + sentence[figure.end :]
            end = figure.end + len(words) - len(figure.text)
            stated = [f for f in read_figures(text, language) if f.start < end and f.end > figure.start]
            others = [source for source in sources if source is not figure]
            yield Mutation(way, text, _outcome(stated, figure, others, language))


def score(sentences: Iterable[tuple[str, Language]]) -> tuple[Counter[AlterationOutcome], list[Mutation]]:
    """The number of alterations per outcome, and the alterations that were missed."""
    counts: Counter[AlterationOutcome] = Counter()
    missed = []
    for sentence, language in sentences:
        for mutation in mutations(sentence, language):
            counts[mutation.outcome] += 1
            if mutation.outcome is AlterationOutcome.MISSED:
                missed.append(mutation)
    return counts, missed


def _outcome(
    stated: list[Figure], original: Figure, others: list[Figure], language: Language
) -> AlterationOutcome:
    if [_content(as_written(f, language)) for f in stated] == [_content(as_written(original, language))]:
        return AlterationOutcome.SAME
    if stated and all(agrees(figure, original) for figure in stated):
        return AlterationOutcome.MISSED
    if not stated:
        return AlterationOutcome.MISSED
    is_other = all(any(agrees(figure, source) for source in others) for figure in stated)
    return AlterationOutcome.APART if is_other else AlterationOutcome.CAUGHT


def _content(figure: Figure) -> tuple[object, ...]:
    return figure.kind, figure.value, figure.low, figure.high, figure.date, figure.unit


def _is_unit(word: str, figure: Figure, language: Language) -> bool:
    """Whether a word names the figure's unit: 점 does in 3점, not in 부동소수점 연산."""
    unit = unit_of(word, language)
    return unit is not None and unit.name == figure.unit


def _altered(figure: Figure, language: Language) -> Iterator[tuple[str, str]]:
    text = figure.text
    for match in _DIGIT.finditer(text):
        for step in (1, 5):
            yield "digit", f"{text[: match.start()]}{(int(match.group()) + step) % 10}{text[match.end() :]}"
    for match in re.finditer(r"\d+", text):
        for zeros in ("0", "0000"):
            yield "factor", text[: match.end()] + zeros + text[match.end() :]
    for mark, other in ((".", ","), (",", ".")):
        if re.search(rf"\d{re.escape(mark)}\d", text):
            yield "separator", re.sub(rf"(?<=\d){re.escape(mark)}(?=\d)", other, text)
    for way, swaps in () if figure.date else _SWAPS.items():
        for word, other in swaps:
            if word in text and (way != "unit" or _is_unit(word, figure, language)):
                yield way, text.replace(word, other, 1)
