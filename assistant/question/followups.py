"""Makes follow-up questions self-contained if they show a sign of depending on the previous question."""

import re
from collections.abc import Sequence

from assistant.core.entities import Name, find_names
from assistant.core.figures import Figure, read_figures
from assistant.core.languages import Language, pack
from assistant.core.records import Turn
from assistant.core.text import detect_language, nfc
from assistant.core.words import terms
from assistant.question.answer_type import AnswerType, expected_answer_type

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MAX_ELLIPSIS = 2
"""Most content words, numbers aside, that a question with its subject left out may have."""
_QUOTED = re.compile(r"“[^”]*”")


def stand_alone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question made self-contained by means of the previous one.

    A follow-up becomes the previous question with the new name or year put in ("Còn Baidu thì sao?"), or both
    in a row. A question that shows no sign of being one is returned as it is.
    """
    earlier = _earlier(history)[-1:]
    new = find_names(text, language)
    if not earlier or not _leans(text, language, new):
        return text
    before, rules = earlier[0], pack(language).follow_ups
    years = [_YEAR.findall(asked) for asked in (before, text)]
    if not new and not expected_answer_type(text, language) and len(years[0]) == 1:
        if len(years[1]) == 1:
            return before.replace(years[0][0], years[1][0])  # "And in 2025?"
        if step := bool(rules.year_after.search(text)) - bool(rules.year_before.search(text)):
            return before.replace(years[0][0], str(int(years[0][0]) + step))  # "What was it the year before?"
    if new and not expected_answer_type(text, language) and detect_language(before) is language:
        named = find_names(before, language)
        old = next((name for name in named if not name.is_country), named[0] if named else None)
        if old:
            return before.replace(old.text, rules.frame.sub("", text).strip() or new[0].text)
    return f"{before} {text}"


def _leans(text: str, language: Language, names: Sequence[Name]) -> bool:
    """Whether a question depends on the previous one: by its opening, a pronoun, or a missing subject."""
    rules = pack(language).follow_ups
    if names or rules.takes_up.search(text):
        return rules.takes_up.search(text) is not None
    content = [
        term
        for term in set(terms(text, language))
        if len(term) > 1 and " " not in term and not term[0].isdecimal()
    ]
    return rules.points_back.search(text) is not None or len(content) <= _MAX_ELLIPSIS


def told_before(text: str, language: Language, history: Sequence[Turn]) -> tuple[Figure, ...]:
    """The figures that the last answer states rather than quotes; empty if the question asks for them again."""
    answers = [_QUOTED.sub("", turn.content) for turn in history if turn.role == "assistant"][-1:]
    if pack(language).follow_ups.asks_again.search(text):
        return ()
    return tuple(
        figure for answer in answers for figure in read_figures(nfc(answer), detect_language(answer))
    )


def answer_type_before(history: Sequence[Turn]) -> AnswerType:
    """The expected answer type of the previous question."""
    return next(
        (expected_answer_type(turn, detect_language(turn)) for turn in _earlier(history)[-1:]), AnswerType()
    )


def _earlier(history: Sequence[Turn]) -> list[str]:
    """The earlier questions, one line each."""
    return [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
