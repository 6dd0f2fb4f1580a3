"""Analyses a question: its language, expected answer type, names and self-contained form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.core.entities import Name, find_attributes, find_names
from assistant.core.figures import Figure, read_figures
from assistant.core.languages import Language
from assistant.core.records import Filters, Turn
from assistant.core.text import detect_language, nfc
from assistant.core.words import terms
from assistant.question.answer_type import AnswerType, asks_for_no_figure, expected_answer_type
from assistant.question.followups import answer_type_before, stand_alone, told_before
from assistant.question.periods import within


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    ``attributes`` are the properties asked about (revenue, fine), matched in all languages; ``focus`` holds
    the terms outside names; ``figures`` are those in the question itself, dates included; ``told`` are figures
    stated in the last answer, which a follow-up does not ask for again.
    """

    text: str
    language: Language
    standalone: str
    answer_type: AnswerType
    names: tuple[Name, ...]
    attributes: tuple[Name, ...]
    focus: frozenset[str]
    filters: Filters
    told: tuple[Figure, ...] = ()
    figures: tuple[Figure, ...] = ()


def understand(text: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Question:
    """Analyse a question by rules; a follow-up is completed from the previous question.

    A publication period that it names ("last month") becomes a filter.
    """
    text = " ".join(nfc(text).split())
    language = detect_language(text)
    standalone = stand_alone(text, language, history)
    names = find_names(standalone, language)
    focus = standalone
    for name in names:
        focus = focus.replace(name.text, " ")
    return Question(
        text,
        language,
        standalone,
        expected_answer_type(text, language)
        or (
            answer_type_before(history)
            if standalone != text and not asks_for_no_figure(text, language)
            else AnswerType()
        ),
        names,
        find_attributes(standalone, language),
        frozenset(terms(focus, language)),
        within(filters or Filters(), standalone, language, date.today()),
        told_before(text, language, history) if standalone != text else (),
        read_figures(standalone, language, date.today()),
    )
