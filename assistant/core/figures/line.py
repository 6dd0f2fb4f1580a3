"""A text prepared for parsing: NFC, with a lower-case copy and plain spaces, every position mapped back to the original."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.core.figures.grammar import Grammar, grammar
from assistant.core.languages import Language

GROUP = "\u202f"
"""Replaces a no-break space between groups of thousands: "1 234 567"."""
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t"), " ")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥"}
_TRANSLATED = _SPACES | _FULL_WIDTH
_IGNORED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
_GROUPED = re.compile("(?<![\\d.,])\\d{1,3}(?:[\u00a0\u2007\u2009\u202f]\\d{3})+(?![\\d])")
_NO_BREAK = re.compile("[\u00a0\u2007\u2009\u202f]")
# Chinese characters used for Korean counters and scales next to digits.
_HANJA = dict(
    zip("兆億萬万千百十年月日名個件家人回倍次第", "조억만만천백십년월일명개건곳명회배차제", strict=True)
)
_HANJA_BEHIND = re.compile(rf"(?<=\d)\s?[{''.join(_HANJA)}]+|第(?=\s?\d)")
_UNUSUAL = re.compile("[\t\u00a0\u00ad\u2002-\u200d\u202f\u2060\u3000\u4e00-\u9fff\ufeff\uff01-\uff5e\uffe5]")
_REACH = 20
_LONGEST_END = 8
_MOST_SPACES = 3
# Words with their trailing spaces: no composition crosses a word boundary.
_WORD = re.compile(r"\S+[ \t\n]*|\s+(?=\S|\Z)|\s+")
_JAMO_VOWELS_AND_FINALS = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` is NFC; ``low`` is its lower case, of equal length.

    ``origin`` maps each position to the original text; None if the offsets are the same.
    """

    text: str
    low: str
    grammar: Grammar
    origin: Sequence[int] | None = field(repr=False)
    # Cache of numbers read, by position
    numbers: dict[tuple[int, bool], Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, original: str, language: Language) -> "Line":
        """Prepare a text in the given language."""
        text, origin = (original, None) if unicodedata.is_normalized("NFC", original) else _composed(original)
        if _UNUSUAL.search(text):
            text, origin = _without_ignored(text, origin) if _IGNORED.search(text) else (text, origin)
            text = _GROUPED.sub(lambda number: _NO_BREAK.sub("\0", number.group()), text)
            text = text.translate(_TRANSLATED).replace("\0", GROUP)
            if language is Language.KO:
                text = _HANJA_BEHIND.sub(lambda signs: "".join(_HANJA.get(c, c) for c in signs.group()), text)
        low = text.lower()
        if len(low) != len(text):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        return cls(text, low, grammar(language), origin)

    @property
    def language(self) -> Language:
        """The language whose vocabulary and separators apply."""
        return self.grammar.language

    def before(self, at: int) -> str:
        """The text before a position, in lower case, as far as the context of a figure reaches."""
        return self.low[max(0, at - _REACH) : at]

    def ends_word(self, at: int) -> bool:
        """Whether a word may end here: followed by no letter or digit, or by a Korean particle."""
        if self.language is Language.KO and self.is_hangul(at):
            return self.low.startswith(self.grammar.words["particles"], at)
        return not self.is_letter(at) and not self.text[at : at + 1].isdecimal()

    def is_all(self, start: int, end: int) -> bool:
        """Whether the text consists of ``start`` to ``end`` only, ignoring spaces and full stops around it."""
        first = self.skip_space(0)
        return first >= start and len(self.text) - end < _LONGEST_END and not self.text[end:].strip(" .")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original text."""
        return (start, end) if self.origin is None else (self.origin[start], self.origin[end])

    def skip_space(self, at: int) -> int:
        """The position after one space or, in carelessly typeset text, up to three."""
        if not self.text.startswith(" ", at):
            return at
        end = at + 1
        while end - at < _MOST_SPACES and self.text.startswith(" ", end):
            end += 1
        return end

    def is_letter(self, at: int) -> bool:
        """Whether there is a letter of any script at a position."""
        return 0 <= at < len(self.text) and self.text[at].isalpha()

    def is_hangul(self, at: int) -> bool:
        """Whether there is a Hangul syllable at a position."""
        return 0 <= at < len(self.text) and "가" <= self.text[at] <= "힣"

    def is_latin(self, at: int) -> bool:
        """Whether there is a letter other than a Hangul syllable at a position."""
        return self.is_letter(at) and not self.is_hangul(at)


def _composed(original: str) -> tuple[str, list[int]]:
    """The text in NFC, with the original offset of each character; the last entry is the original's length."""
    pieces: list[str] = []
    origin: list[int] = []
    for word in _WORD.finditer(original):
        start, end = word.span()
        if unicodedata.is_normalized("NFC", word.group()):
            pieces.append(word.group())
            origin.extend(range(start, end))
            continue
        for at in range(start + 1, end + 1):
            if at < end and _continues(original[at]):
                continue
            piece = unicodedata.normalize("NFC", original[start:at])
            pieces.append(piece)
            origin += [start] * len(piece)
            start = at
    return "".join(pieces), [*origin, len(original)]


def _without_ignored(text: str, origin: Sequence[int] | None) -> tuple[str, list[int]]:
    """The text without zero-width characters and soft hyphens, and the original offset of each remaining character."""
    kept = [at for at, character in enumerate(text) if not _IGNORED.match(character)]
    return "".join(text[at] for at in kept), [
        at if origin is None else origin[at] for at in [*kept, len(text)]
    ]


def _continues(character: str) -> bool:
    return unicodedata.combining(character) > 0 or ord(character) in _JAMO_VOWELS_AND_FINALS
