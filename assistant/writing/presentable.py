"""Checks that a model's sentence is a statement in the answer's language, whatever it says."""

import re
from collections.abc import Iterator

from assistant.core.figures import read_figures, unit_of
from assistant.core.languages import Language, pack
from assistant.core.text import detect_language

_MIN_WORDS_TO_TELL_LANGUAGE = 4
_MIN_CHARS = 8
# Circled digits, single-character fractions and the like; Roman numerals only as single characters.
_UNREAD_NUMERAL = re.compile(
    "[\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u218b\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]"
)
_LATIN_WORD = re.compile(r"[^\W\d_가-힣][^\s가-힣]*")
# Letters that Vietnamese has and English has not, in either case.
_MARKED = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.IGNORECASE)


def why_not_presentable(text: str, language: Language, known: str) -> str | None:
    """What is wrong with a sentence's form; None if nothing is.

    Args:
        text: Without citation markers.
        language: The answer's.
        known: The question and the evidence; a name that occurs there may keep its own letters.
    """
    rules = pack(language).written
    if len(text) < _MIN_CHARS or not rules.statement.search(text):
        return "not a sentence"
    if rules.question.search(text):
        return "a question"
    if foreign := rules.foreign.search(text):
        return f"not in the question's language: {foreign.group()!r}"
    if numeral := _UNREAD_NUMERAL.search(text):
        return f"a numeral that is not read: {numeral.group()!r}"
    words = [
        word
        for word in text.split()
        if not (word[0].isupper() and _MARKED.search(word) and language is Language.EN)
    ]
    if len(words) >= _MIN_WORDS_TO_TELL_LANGUAGE and detect_language(" ".join(words)) is not language:
        return "not in the question's language"
    if word := next(_foreign_words(text, language, known), None):
        return f"not in the question's language: {word!r}"
    if doubled := rules.doubled.search(text) or _doubled_unit(text, language):
        return f"said twice: {(doubled if isinstance(doubled, str) else doubled.group())!r}"
    return None


def _foreign_words(text: str, language: Language, known: str) -> Iterator[str]:
    """Words in another language's letters that are not names.

    A name contains a capital or a digit (iPhone, kWh); with Vietnamese diacritics it must also occur in
    ``known``.
    """
    if language is Language.VI:
        return
    spoken = known.lower()
    for match in _LATIN_WORD.finditer(text):
        word = match.group().rstrip(".,:;!?)]}\"'’”")
        is_name = any(c.isupper() or c.isdecimal() for c in word)
        is_known = word.lower() in spoken
        if _MARKED.search(word):
            is_foreign = not (is_name and is_known)
        else:
            is_foreign = language is Language.KO and not (is_name or is_known or _is_unit(text, match))
        if is_foreign:
            yield word


def _is_unit(text: str, match: re.Match[str]) -> bool:
    """Whether a Latin word is the unit symbol of the figure before it: 500km."""
    return text[: match.start()].rstrip()[-1:].isdecimal() and unit_of(match.group(), Language.KO) is not None


def _doubled_unit(text: str, language: Language) -> str | None:
    """A unit repeated after a figure that already has it: "17% phần trăm", "945 TWh 테라와트시"."""
    for figure in read_figures(text, language):
        rest = text[figure.end :]
        unit = unit_of(rest.lstrip(), language) if rest[:1].isspace() else None
        if unit and unit.name and (unit.kind, unit.name) == (figure.kind, figure.unit):
            word = rest.split()[0]
            if language is not Language.KO or unit_of(word[0], language) != unit:  # 일하는 is not a day
                return f"{figure.text} {word}"
    return None
