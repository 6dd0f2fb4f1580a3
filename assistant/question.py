"""What is asked: the language, the kind of figure, the names, and the question made to stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.asked import Asked, asked_of
from assistant.core.figures import Figure, read_figures
from assistant.core.names import Name, find_attributes, find_names
from assistant.core.records import Filters, Turn
from assistant.core.text import Language, detect_language, nfc
from assistant.core.words import terms
from assistant.when import within

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Openings that take up the question before, whatever follows.
_TAKES_UP = {
    Language.KO: re.compile(r"^(?:그럼|그러면|그렇다면)|[은는]요\?$"),
    Language.VI: re.compile(r"^(?:thế |vậy )?còn\b|^(?:thế|vậy) (?:còn|thì)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:and\b|what about|how about)", re.IGNORECASE),
}
# What stands around the new name in such a question.
_FRAME = {
    Language.KO: re.compile(r"^(?:그럼|그러면|그렇다면)\s*|(?:의 경우)?(?:은|는|이는)?(?:요)?\s*(?:어때|어떤가|어떻)?\S*\?*$"),
    Language.VI: re.compile(r"^(?:(?:thế|vậy)\s+)?(?:còn|thì)?\s*(?:của\s+)?|\s*(?:thì sao|thế nào|ra sao)?\s*\?*$", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:and|what about|how about)\s+(?:for|of|at)?\s*|\?*$", re.IGNORECASE),
}
_YEAR_STEPS = {
    -1: re.compile(
        r"전년|그 전해|한 해 전|작년|지난해|năm trước|năm ngoái|the year before|previous year|year earlier|last year", re.IGNORECASE
    ),
    1: re.compile(r"다음 ?해|이듬해|내년|năm sau|năm tiếp theo|the year after|following year|next year", re.IGNORECASE),
}

_QUOTED = re.compile(r"“[^”]*”")
_ASKS_AGAIN = {
    Language.KO: re.compile(r"정말|진짜|확실|맞(?:아|나|는|습)|다시|출처"),
    Language.VI: re.compile(r"\b(?:chắc|thật|đúng không|phải không|nhắc lại|nguồn)\b", re.IGNORECASE),
    Language.EN: re.compile(r"\b(?:sure|really|certain|correct|again|source|repeat)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood.

    ``attributes`` are what is asked about a thing, its revenue or its fine, in words of all languages; ``focus`` holds the terms
    that are no part of a name; ``figures`` are those of the question itself, days among them; ``told`` are figures of the last
    answer, which a question that goes on from it does not ask for.
    """

    text: str
    language: Language
    standalone: str
    asked: Asked
    names: tuple[Name, ...]
    attributes: tuple[Name, ...]
    focus: frozenset[str]
    filters: Filters
    told: tuple[Figure, ...] = ()
    figures: tuple[Figure, ...] = ()


def understand(text: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Question:
    """Analyse a question by rules; it is made to stand alone by the earlier question that it points back at.

    Days of publication that it names ("last month") become filters.
    """
    text = " ".join(nfc(text).split())
    language = detect_language(text)
    standalone = _standalone(text, language, history)
    names = find_names(standalone, language)
    focus = standalone
    for name in names:
        focus = focus.replace(name.text, " ")
    return Question(
        text,
        language,
        standalone,
        asked_of(text, language) or next((asked_of(turn, detect_language(turn)) for turn in _earlier(history)[-1:]), Asked())
        if standalone != text
        else asked_of(text, language),
        names,
        find_attributes(standalone, language),
        frozenset(terms(focus, language)),
        within(filters or Filters(), standalone, language, date.today()),
        _told(text, language, history) if standalone != text else (),
        read_figures(standalone, language, date.today()),
    )


def _standalone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question, or the earlier one with the new name or year in it ("Còn Baidu thì sao?"), or both in a row.

    A question that names nothing goes on with what was asked before.
    """
    earlier = _earlier(history)[-1:]
    new = find_names(text, language)
    if not earlier or (new and not _TAKES_UP[language].search(text)):
        return text
    before = earlier[0]
    years = [_YEAR.findall(asked) for asked in (before, text)]
    if not new and not asked_of(text, language) and len(years[0]) == 1:
        if len(years[1]) == 1:
            return before.replace(years[0][0], years[1][0])  # "And in 2025?"
        if step := next((step for step, words in _YEAR_STEPS.items() if words.search(text)), 0):
            return before.replace(years[0][0], str(int(years[0][0]) + step))  # "What was it the year before?"
    if new and not asked_of(text, language) and detect_language(before) is language:
        named = find_names(before, language)
        old = next((name for name in named if not name.is_country), named[0] if named else None)
        if old:
            return before.replace(old.text, _FRAME[language].sub("", text).strip() or new[0].text)
    return f"{before} {text}"


def _told(text: str, language: Language, history: Sequence[Turn]) -> tuple[Figure, ...]:
    """The figures that the last answer states and does not merely quote; none where the question asks to hear them again."""
    answers = [_QUOTED.sub("", turn.content) for turn in history if turn.role == "assistant"][-1:]
    if _ASKS_AGAIN[language].search(text):
        return ()
    return tuple(figure for answer in answers for figure in read_figures(nfc(answer), detect_language(answer)))


def _earlier(history: Sequence[Turn]) -> list[str]:
    """The questions before, as one line each."""
    return [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
