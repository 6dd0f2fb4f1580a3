"""Text normalisation, language detection, sentence splitting."""

import re
import unicodedata
from collections.abc import Iterator

from assistant.core.languages import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]")
# Letters specific to Vietnamese; é, à and the like also occur in names and loan words.
_VIETNAMESE = re.compile(
    r"[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỊỈĨỌỎỐỒỔỖỘỚỜỞỠỢỤỦŨỨỪỬỮỰỲỴỶỸ]"
)
# A Vietnamese syllable without diacritics: onset, nucleus, coda. In an English question rarely half of the words
# match.
_BARE_SYLLABLE = re.compile(
    r"(?:ngh?|[gkpt]h|gi|qu|tr|ch|nh|[bcdghklmnpqrstvx])?"
    r"(?:a[iouy]?|e[ou]?|i[aeu]?|ieu|o[aeio]?|oa[iyo]|oeo|u[aeiouy]?|uo[iu]|uay|uy[aeu]|y|yeu?)"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_BARE_SHARE = 0.8
"""Required share among words without an initial capital (names have one); questions in either language are far from it."""

# Function words whose diacritics also occur in other languages.
_VIETNAMESE_WORDS = frozenset({"thì", "là", "có", "và", "còn", "gì", "nào", "mà", "không", "vì", "sao"})

_D = str.maketrans("đĐ", "dD")
_MARKS = re.compile(r"[\u0300-\u036f]")

# A closing bracket after the mark does not end a sentence: "(얼마일까?!) 규모의" goes on.
_SENTENCE_END = re.compile(r"""(?:[.!?…。！？]+["'”’»]*)(?=\s)|\n""")
_NO_END_BEFORE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|Inc|Corp|Ltd|Co|Gov|Sen|Rep|TP|PGS|GS|TS|ThS|BS|Th|tr|v\.v)|\b[A-Z]|\bU\.S|\d)\.$"
)
_QUOTED = re.compile(r"[“«][^“”«»\n]{1,300}[”»]|\"[^\"\n]{1,300}\"")
"""A quotation of no more than a few sentences, which stay together with who says them."""
_LONGEST_TABLE = 8_000
_MIN_TABLE_LINES = 3
_LIST_ITEM = re.compile(r"\s*(?:[•·*–—-]|\d+[.)])\s")
_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE_MARKS = ".!?…。！？:"
_DATE_PART_NEXT = re.compile(r"\s+\d")


def nfc(text: str) -> str:
    """NFC with Unix line endings; every stored offset refers to text in this form."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_marks(text: str) -> str:
    """Vietnamese text without diacritics, as it is often typed."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed))


def detect_language(text: str) -> Language:
    """The language most of the text is written in.

    Defaults to English if the text is neither Korean nor Vietnamese.
    """
    text = nfc(text)
    # A Hangul syllable carries about as much as three Latin letters, and Korean sentences are full of names in
    # Latin script.
    if 3 * len(_HANGUL.findall(text)) > len(_LATIN.findall(text)):
        return Language.KO
    words = re.findall(r"[^\W\d_]+", text)
    marked = sum(1 for word in words if _VIETNAMESE.search(word) or word.lower() in _VIETNAMESE_WORDS)
    plain = [word for word in words if word[0].islower()] or words
    bare = sum(1 for word in plain if _BARE_SYLLABLE.fullmatch(word.lower()))
    if words and (marked >= max(1, len(words) / 6) or bare >= max(2, len(plain) * _BARE_SHARE)):
        return Language.VI
    return Language.EN


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a word, with or without diacritics, is built like a Vietnamese syllable."""
    return _BARE_SYLLABLE.fullmatch(without_marks(word).lower()) is not None


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in ``text[start:end]``, in order, without surrounding white space.

    A line break always ends a sentence, so a heading or a table row is a sentence of its own. The full stops
    in "2025. 3. 24." and "v.v." do not end one, nor does one within a quotation.
    """
    end = len(text) if end is None else end
    at = start
    quotations = _QUOTED.finditer(text, start, end)
    quoted = next(quotations, None)
    for match in _SENTENCE_END.finditer(text, start, end):
        while quoted and quoted.end() <= match.end():
            quoted = next(quotations, None)
        if quoted and quoted.start() < match.start():
            continue
        if text[match.start()] == "." and not _ends_sentence(text, match, at):
            continue
        yield from _stripped(text, at, match.end())
        at = match.end()
    yield from _stripped(text, at, end)


def ends_abbreviation(text: str) -> bool:
    """Whether the full stop at the end of a text belongs to an abbreviation ("vs.") or an initial."""
    return _NO_END_BEFORE.search(text[-12:]) is not None and not text[-2:-1].isdigit()


def table_header(text: str, at: int) -> str:
    """The header line of the table row at an offset, or empty if the offset is not in a table row.

    A table is at least three consecutive non-empty lines without list items, of 8,000 characters at most; its
    first line has several words, no digit outside brackets, and no sentence-final punctuation. Cell separators
    may have been lost.
    """
    start, end = text.rfind("\n\n", 0, at) + 1, text.find("\n\n", at)
    end = end if end >= 0 else len(text)
    if end - start > _LONGEST_TABLE:
        return ""
    lines = text[start:end].strip().split("\n")
    header = lines[0].strip()
    if (
        len(lines) < _MIN_TABLE_LINES
        or at <= text.find(header, start) + len(header)
        or any(map(_LIST_ITEM.match, lines))
    ):
        return ""
    is_header = (
        len(header.split()) > 1
        and header[-1] not in _SENTENCE_MARKS
        and not re.search(r"\d", _BRACKETS.sub("", header))
    )
    return header if is_header else ""


def _ends_sentence(text: str, match: re.Match[str], sentence_start: int) -> bool:
    before = text[max(sentence_start, match.start() - 12) : match.start() + 1]
    if match.end() - match.start() > 1 or not _NO_END_BEFORE.search(before):
        return True
    return before[-2:-1].isdigit() and not _DATE_PART_NEXT.match(text, match.end())


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end and any(c.isalnum() for c in text[start:end]):
        yield start, end
