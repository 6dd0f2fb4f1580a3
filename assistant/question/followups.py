"""What a follow-up refers to: it is made to stand alone by the question before, where it shows a sign of leaning on it."""

import re
from collections.abc import Sequence

from assistant.core.entities import Name, find_names
from assistant.core.figures import Figure, read_figures
from assistant.core.records import Turn
from assistant.core.text import Language, detect_language, nfc
from assistant.core.words import terms
from assistant.question.kinds import Asked, asked_of

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# What takes up the question before: an opening, or a topic that stands alone.
_TAKES_UP = {
    Language.KO: re.compile(r"^(?:그럼|그러면|그렇다면|그리고)|[은는]요\?$"),
    Language.VI: re.compile(r"^(?:thế|vậy|còn|và|ừ,?)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:(?:ok(?:ay)?,?\s+)?and\b|what about|how about|so\b|then\b)", re.IGNORECASE),
}
# Words that stand for something named before.
_POINTS_BACK = {
    Language.KO: re.compile(
        r"(?<![가-힣])(?:그(?:것|거|게|건|걸|중|때|곳|들|녀)?|이(?:것|거|게|건)|거기|여기|같은|나머지|해당|둘|셋)(?:[은는이가을를의에도]|에서|에는|\s|\?|$)"
    ),
    Language.VI: re.compile(
        r"\b(?:nó|họ|ông ấy|bà ấy|đó|đấy|ấy|cùng (?:đợt|ngày|kỳ|lúc)|còn lại|bên kia)\b", re.IGNORECASE
    ),
    Language.EN: re.compile(
        r"\b(?:it|its|they|them|their|theirs|that|those|these|there|he|she|his|her|the (?:rest|others?|same))\b",
        re.IGNORECASE,
    ),
}
_MAX_ELLIPSIS = 2
"""Content words, numbers apart, of a question that leaves out what it is about."""
# What stands around the new name in such a question.
_FRAME = {
    Language.KO: re.compile(
        r"^(?:그럼|그러면|그렇다면)\s*|(?:의 경우)?(?:은|는|이는)?(?:요)?\s*(?:어때|어떤가|어떻)?\S*\?*$"
    ),
    Language.VI: re.compile(
        r"^(?:(?:thế|vậy)\s+)?(?:còn|thì)?\s*(?:của\s+)?|\s*(?:thì sao|thế nào|ra sao)?\s*\?*$", re.IGNORECASE
    ),
    Language.EN: re.compile(r"^(?:and|what about|how about)\s+(?:for|of|at)?\s*|\?*$", re.IGNORECASE),
}
_YEAR_STEPS = {
    -1: re.compile(
        r"전년|그 전해|한 해 전|작년|지난해|năm trước|năm ngoái|the year before|previous year|year earlier|last year",
        re.IGNORECASE,
    ),
    1: re.compile(
        r"다음 ?해|이듬해|내년|năm sau|năm tiếp theo|the year after|following year|next year", re.IGNORECASE
    ),
}

_QUOTED = re.compile(r"“[^”]*”")
_ASKS_AGAIN = {
    Language.KO: re.compile(r"정말|진짜|확실|맞(?:아|나|는|습)|다시|출처"),
    Language.VI: re.compile(r"\b(?:chắc|thật|đúng không|phải không|nhắc lại|nguồn)\b", re.IGNORECASE),
    Language.EN: re.compile(r"\b(?:sure|really|certain|correct|again|source|repeat)\b", re.IGNORECASE),
}


def stand_alone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question, or the earlier one with the new name or year in it ("Còn Baidu thì sao?"), or both in a row.

    Without a sign that it goes on with what was asked before, it is a question of its own.
    """
    earlier = _earlier(history)[-1:]
    new = find_names(text, language)
    if not earlier or not _leans(text, language, new):
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


def _leans(text: str, language: Language, names: Sequence[Name]) -> bool:
    """Whether a question shows that it goes on with the one before: by its opening, by a pronoun, or by leaving out its subject."""
    if names or _TAKES_UP[language].search(text):
        return _TAKES_UP[language].search(text) is not None
    content = [
        term
        for term in set(terms(text, language))
        if len(term) > 1 and " " not in term and not term[0].isdecimal()
    ]
    return _POINTS_BACK[language].search(text) is not None or len(content) <= _MAX_ELLIPSIS


def told_before(text: str, language: Language, history: Sequence[Turn]) -> tuple[Figure, ...]:
    """The figures that the last answer states and does not merely quote.

    None where the question asks to hear them again.
    """
    answers = [_QUOTED.sub("", turn.content) for turn in history if turn.role == "assistant"][-1:]
    if _ASKS_AGAIN[language].search(text):
        return ()
    return tuple(
        figure for answer in answers for figure in read_figures(nfc(answer), detect_language(answer))
    )


def asked_before(history: Sequence[Turn]) -> Asked:
    """What the question before asked for."""
    return next((asked_of(turn, detect_language(turn)) for turn in _earlier(history)[-1:]), Asked())


def _earlier(history: Sequence[Turn]) -> list[str]:
    """The questions before, as one line each."""
    return [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
