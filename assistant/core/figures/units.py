"""Finds the unit after a number."""

import re

from assistant.core.figures.figure import Kind
from assistant.core.figures.grammar import Unit, grammar
from assistant.core.figures.line import Line
from assistant.core.languages import Language

BARE = Unit(Kind.COUNT, "")
_YEAR_BEHIND = re.compile(r"\s[12]\d{3}(?!\d|[.,]\d|\s?[-–])")
_ONE = re.compile(r"(?<![\w.,])(?:1|one|a|an)$")
_NOUN = re.compile(r" [a-z]")
_DESCRIBING_WORDS = 3
_LONGEST_DESCRIBING_WORD = 20


def unit_at(line: Line, end: int, *, after_suffix: bool = False) -> tuple[Unit, int] | None:
    """The unit after a number and the end of that unit; the longest word wins.

    Args:
        line: The text.
        end: The number's end; a space or hyphen may follow.
        after_suffix: The number ends in a scale letter ("671B"), so no letter may follow directly.
    """
    behind_hyphen = end + 1 if line.text.startswith("-", end) else end
    for at in dict.fromkeys((end, line.skip_space(end), behind_hyphen)):
        if after_suffix and at == end:
            continue
        signs = () if at == behind_hyphen != end else line.grammar.signs.at(line.text, at)
        found = [*signs, *line.grammar.units.at(line.low, at)]
        fitting = [
            (word, unit)
            for word, unit in found
            if _ends_unit(line, at, word) and not _qualifies(line, end, at, word, unit)
        ]
        if fitting:
            word, unit = max(fitting, key=lambda entry: len(entry[0]))
            return unit, at + len(word)
    return None


def unit_of(text: str, language: Language) -> Unit | None:
    """The unit a text begins with, skipping scale words: for "억 원인가" it is the won."""
    line = Line.of(text, language)
    at = line.skip_space(0)
    while scales := [word for word, _ in line.grammar.any_scales.at(line.low, at)]:
        if line.language is not Language.KO and line.is_letter(at + len(scales[0])):
            break
        at = line.skip_space(at + len(scales[0]))
    found = unit_at(line, at)
    return found[0] if found else described_unit(line, at)


def described_unit(line: Line, end: int) -> Unit | None:
    """The counted thing after names that qualify it: "2,048 Nvidia H800 GPUs", "2048개 NVIDIA H800 GPU"."""
    at = end
    for _ in range(_DESCRIBING_WORDS):
        at = line.skip_space(at)
        word_end = at
        while (
            line.is_latin(word_end) or line.text[word_end : word_end + 1].isdecimal()
        ) and word_end - at < _LONGEST_DESCRIBING_WORD:
            word_end += 1
        if word_end == at or not line.text[at].isupper() or not line.text.startswith(" ", word_end):
            return None
        at = word_end + 1
        for word, unit in line.grammar.units.at(line.low, at):
            if unit.kind is Kind.COUNT and _ends_unit(line, at, word):
                return unit
    return None


def _qualifies(line: Line, number_end: int, at: int, word: str, unit: Unit) -> bool:
    """Whether an English count noun only qualifies the noun behind it: "2,700 chip and software engineers".

    After any number but one, what is counted is in the plural.
    """
    if line.language is not Language.EN or unit.kind is not Kind.COUNT or line.text[at - 1 : at] == "-":
        return False
    plurals = (f"{word}s", f"{word[:-1]}ies")
    is_singular = any((p, unit) in line.grammar.units.at(p, 0) for p in plurals)
    return (
        is_singular
        and bool(_NOUN.match(line.low, at + len(word)))
        and not _ONE.search(line.low, 0, number_end)
    )


def _ends_unit(line: Line, at: int, word: str) -> bool:
    end, last = at + len(word), word[-1]
    if word == "년" and line.low.startswith("대", end):
        return False  # 80년대 is a decade
    if word == "năm" and _YEAR_BEHIND.match(line.low, end):
        return False  # "Nghị định 13 năm 2023" has a year there
    if word == "주" and line.low.startswith("차", end):
        return False  # 3주차 is the third week
    if "가" <= last <= "힣":
        return not line.is_hangul(end) or line.low.startswith(grammar(Language.KO).words["particles"], end)
    if last.isalpha():
        return not line.is_latin(end) and not line.text[end : end + 1].isdecimal()
    return True
