"""What is asked: the language, the kind of figure, the names, and the question made to stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asked import Asked, asked_of
from assistant.core.lexical import terms
from assistant.core.names import Name, find_attributes, find_names
from assistant.core.records import Filters, Turn
from assistant.core.text import Language, detect_language, nfc

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Openings that take up the question before, whatever follows.
_TAKES_UP = {
    Language.KO: re.compile(r"^(?:그럼|그러면|그렇다면)|[은는]요\?$"),
    Language.VI: re.compile(r"^(?:thế |vậy )?còn\b|^(?:thế|vậy) (?:còn|thì)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:and\b|what about|how about)", re.IGNORECASE),
}
# Words that point back where the question names nothing itself.
_POINTS_BACK = {
    Language.KO: re.compile(
        r"^(?:그|이|저|그것|거기|그중)\b|그(?:것|들|곳|쪽|회사|모델|기업|나라)|^(?:왜|언제|누가|어디|얼마)\S*\?$"
    ),
    Language.VI: re.compile(r"\b(?:nó|họ|thế|đó|này|ấy)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:why|when)\?$|\b(?:it|its|they|their|them|that|those|this|these|he|she)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood.

    ``attributes`` are what is asked about a thing, its revenue or its fine, in words of all languages; ``focus`` holds the terms
    that are no part of a name.
    """

    text: str
    language: Language
    standalone: str
    asked: Asked
    names: tuple[Name, ...]
    attributes: tuple[Name, ...]
    focus: frozenset[str]
    filters: Filters


def understand(text: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Question:
    """Analyse a question by rules; it is made to stand alone by the earlier question that it points back at."""
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
        asked_of(text, language) or next((asked_of(turn, detect_language(turn)) for turn in _earlier(history)[-1:]), Asked()) if standalone != text else asked_of(text, language),
        names,
        find_attributes(standalone, language),
        frozenset(terms(focus, language)),
        filters or Filters(),
    )


def _standalone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question, or the earlier one with the new name or year in it ("Còn Baidu thì sao?"), or both in a row."""
    earlier = _earlier(history)
    new = find_names(text, language)
    if not earlier or not (_TAKES_UP[language].search(text) or (not new and _POINTS_BACK[language].search(text))):
        return text
    years = [_YEAR.findall(asked) for asked in (earlier[-1], text)]
    if not new and [len(found) for found in years] == [1, 1] and not asked_of(text, language):
        return earlier[-1].replace(years[0][0], years[1][0])  # "And in 2025?"
    before = find_names(earlier[-1], detect_language(earlier[-1]))
    if len(before) == len(new) == 1 and not asked_of(text, language) and detect_language(earlier[-1]) is language:
        return earlier[-1].replace(before[0].text, new[0].text)
    return f"{earlier[-1]} {text}"


def _earlier(history: Sequence[Turn]) -> list[str]:
    """The questions before, as one line each."""
    return [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
