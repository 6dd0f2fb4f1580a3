"""Where a figure, or something that must not be mistaken for one, may begin."""

import re
from functools import cache

from assistant.core.figures.amounts import currency_signs
from assistant.core.figures.grammar import Grammar, grammar
from assistant.core.languages import Language, pack

_NO_FIGURE = (
    r"(?:https?://|www\.)\S+"
    r"|\[\s?\d+(?:\s?[,–-]\s?\d+)*\s?\]"  # citation markers
    r"|(?<!\d)(?:\+\d{1,3}[\s-])?(?:\(\d{2,4}\)[\s-]?)?\d{2,4}-\d{3,4}-\d{4}(?!\d)|\(\d{3}\)\s\d{3}-\d{4}"  # telephones
    r"|(?<!\d)1[5-9]\d{2}-\d{4}(?!\d)|(?:gmt|utc)\s?[+\-−]\s?\d{1,2}(?::\d{2})?"  # 1588-1234, time zones
    r"|\d{4}(?:-\d{4}){2,3}(?!\d)|1-\d{3}-\d{3}-\d{4}|24/(?:7|24h?)(?!\d)"  # card numbers, 24/7
    r"|(?<![\d/])\d{4}/\d{3,4}(?![\d/])"  # 2024/1689
    r"|(?<![\w/])\d+(?:/\d+)+/[a-zđ]{2}[\w/-]*|(?<![\w/])\d+/[a-zđ]{2,8}-[a-zđ]+"
    r"|(?<![\w/])\d+[/-](?:nq|nđ|qđ|tt|qh|ct|cp|tw|kl|kh|bc)\b[\w/-]*"  # 57-NQ/TW
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,2}(?![\d.])"  # network addresses
)
_NO_FIGURE_LETTERS = {
    Language.KO: "음단불레헤쇼이제hwgu",
    Language.VI: "hwguđpcqssnmrtâvd",
    Language.EN: "hwgursl",
}
_MONTH_BEGINNINGS = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@cache
def candidates(language: Language) -> re.Pattern[str]:
    """A fast prefilter for lower-case text: every character at which ``starts`` may match, and a few more."""
    openings = _openings(grammar(language))
    signs = {sign[0] for sign in currency_signs() if not sign[0].isalpha()} | set("[(+")
    letters = {word[0] for word in (*openings, *currency_signs()) if word[0].isalpha()} | set(
        _NO_FIGURE_LETTERS[language]
    )
    return re.compile(
        rf"[\d{re.escape(''.join(sorted(signs)))}]|{_word_start(language)}[{''.join(sorted(letters))}]"
    )


@cache
def starts(language: Language) -> re.Pattern[str]:
    """What begins at a candidate, by group name: ``none`` is not a figure; others are ``prefix``, ``digit`` or ``word``."""
    words = grammar(language)
    prefix = "|".join(
        (r"(?<![^\W\d_])" if sign[0].isalpha() else "") + re.escape(sign) for sign in currency_signs()
    )
    reference = "(?!)"
    if language is Language.KO:
        # 제3자, 제22대 국회: a name, not a count; 제47회 is an ordinal
        reference = rf"제\s?\d+\s?(?:{'|'.join(words.words['reference_after'])})(?:의\s?\d+)?"
        reference += r"|제\d+(?:[·,~-]\d+)*(?!\d|회|차)"
    openings = "|".join(re.escape(word) for word in sorted(_openings(words), key=len, reverse=True)).replace(
        "|제|", r"|제(?=\d)|"
    )
    return re.compile(
        rf"(?P<none>{_NO_FIGURE}|{pack(language).figures.none.pattern}|{reference})|(?P<prefix>(?:{prefix})\s?(?=\d))|(?P<digit>\d)|{_word_start(language)}(?P<word>{openings})"
    )


def _word_start(language: Language) -> str:
    return "(?<![가-힣])" if language is Language.KO else r"(?<!\w)"


def _openings(words: Grammar) -> set[str]:
    """The words, in lower case, that a figure without digits may begin with."""
    named = ("several", "minus", "rank_before", "half_before", "one_before_scale")
    openings = {word for name in named for word in words.words.get(name, ())}
    openings |= {*words.phrases, *words.number_words, *words.dates["relative"], *words.dates["months"]}
    openings |= {
        word
        for name in ("noon", "midnight", "before_noon", "after_noon", "at")
        for word in words.times.get(name, ())
    }
    if words.language is Language.KO:
        openings |= {"상반기", "하반기", *words.pairs}
    if words.language is Language.VI:
        openings |= {
            *words.dates["day"],
            *words.dates["month"],
            *words.dates["year"],
            "quý",
            "thập niên",
            "thập kỷ",
            "những năm",
            "nửa đầu",
            "nửa cuối",
        }
    if words.language is Language.EN:
        openings |= {"tens", "q1", "q2", "q3", "q4", "h1", "h2", *_MONTH_BEGINNINGS}
    return {word.lower() for word in openings}
