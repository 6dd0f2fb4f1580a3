"""Matches names across Hangul and Latin script by their consonants: 볼케이노 and Volcano are both P-R-K-N.

Korean merges consonants that other languages distinguish, drops r before a consonant, and writes s, z, j and
ch much alike, so consonants are compared by class and vowels are ignored.
"""

import re
import unicodedata

MIN_CONSONANTS = 3
"""Shorter skeletons are not distinctive: Lao and 라오 would match half of all words."""

_HANGUL = re.compile(r"[가-힣]{2,}")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]{3,}")
_INITIALS = ("K", "K", "N", "T", "T", "R", "M", "P", "P", "S", "S", "", "S", "S", "S", "K", "T", "P", "")
_FINALS = {1: "K", 4: "N", 8: "R", 16: "M", 17: "P", 19: "S", 21: "N", 22: "S", 25: "T"}
_MAX_SYLLABLES = 8
_SPELLED = (
    (r"ng(?![aeiouy])", "n"),
    (r"ph", "f"),
    (r"(?:tch|sch|ch|sh|th(?=[iy]))", "s"),
    (r"th", "t"),
    (r"ck", "k"),
    (r"c(?=[eiy])|ge\b", "s"),
    (r"x", "ks"),
    (r"qu", "k"),
    (r"r(?=[^aeiouyr])", ""),
    (r"r\b", ""),
)
_CLASSES = str.maketrans("bfpvdtgkcqjszlrmn", "PPPPTTKKKKSSSRRMN")


def consonants(word: str) -> str:
    """The consonant classes of a Hangul or Latin word, without repetitions."""
    found = _of_hangul(word) if _HANGUL.match(word) else _of_latin(word)
    return re.sub(r"(.)\1+", r"\1", found)


def find_alike(word: str, text: str) -> int | None:
    """Where a text first has a word in the other script that sounds like this name, in Hangul or Latin letters.

    Hangul words are tried with and without their endings.
    """
    sound = consonants(word)
    if len(sound) < MIN_CONSONANTS:
        return None
    if is_hangul(word):
        capitalised = (m for m in _LATIN.finditer(text) if m.group()[0].isupper())
        return next((m.start() for m in capitalised if consonants(m.group()) == sound), None)
    for match in _HANGUL.finditer(text):
        written = match.group()[:_MAX_SYLLABLES]
        if any(consonants(written[:end]) == sound for end in range(2, len(written) + 1)):
            return match.start()
    return None


def is_hangul(word: str) -> bool:
    """Whether a word is written in Hangul."""
    return _HANGUL.fullmatch(word) is not None


def _of_hangul(word: str) -> str:
    codes = (ord(c) - ord("가") for c in word if "가" <= c <= "힣")
    return "".join(_INITIALS[code // 588] + _FINALS.get(code % 28, "") for code in codes)


def _of_latin(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    plain = "".join(c for c in plain if c.isascii() and c.isalpha())
    for spelled, sound in _SPELLED:
        plain = re.sub(spelled, sound, plain)
    return re.sub(r"[^A-Z]", "", plain.translate(_CLASSES))
