"""Text as the whole program sees it: NFC, its language, its sentences."""

import re
import unicodedata
from collections.abc import Iterator

from assistant.core.languages import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]")
# Letters that Vietnamese has and English has not; é, à and the like alone also stand in names and loan words.
_VIETNAMESE = re.compile(
    r"[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỊỈĨỌỎỐỒỔỖỘỚỜỞỠỢỤỦŨỨỪỬỮỰỲỴỶỸ]"
)
# A Vietnamese syllable without its diacritics: an onset, a nucleus, a coda. Of the words of an English question
# rarely half are such.
_BARE_SYLLABLE = re.compile(
    r"(?:ngh?|[gkpt]h|gi|qu|tr|ch|nh|[bcdghklmnpqrstvx])?"
    r"(?:a[iouy]?|e[ou]?|i[aeu]?|ieu|o[aeio]?|oa[iyo]|oeo|u[aeiouy]?|uo[iu]|uay|uy[aeu]|y|yeu?)"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_BARE_SHARE = 0.8
"""Of the words without a capital, which names have: questions of either language lie well beyond it."""

# Function words whose marks Vietnamese shares with other languages.
_VIETNAMESE_WORDS = frozenset({"thì", "là", "có", "và", "còn", "gì", "nào", "mà", "không", "vì", "sao"})

_D = str.maketrans("đĐ", "dD")
_MARKS = re.compile(r"[\u0300-\u036f]")

# A closing bracket after the mark is no end: "(얼마일까?!) 규모의" goes on.
_SENTENCE_END = re.compile(r"""(?:[.!?…。！？]+["'”’»]*)(?=\s)|\n""")
_NO_END_BEFORE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|Inc|Corp|Ltd|Co|Gov|Sen|Rep|TP|PGS|GS|TS|ThS|BS|Th|tr|v\.v)|\b[A-Z]|\bU\.S|\d)\.$"
)
_MIN_TABLE_LINES = 3
_LIST_ITEM = re.compile(r"\s*(?:[•·*–—-]|\d+[.)])\s")
_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE_MARKS = ".!?…。！？:"
_DATE_PART_NEXT = re.compile(r"\s+\d")


def nfc(text: str) -> str:
    """Canonical composition with Unix line ends; every stored offset refers to text in this form."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_marks(text: str) -> str:
    """Vietnamese as it is typed without diacritics."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed))


def detect_language(text: str) -> Language:
    """The language most of the text is written in.

    English where neither Korean nor Vietnamese shows itself.
    """
    text = nfc(text)
    # One Hangul syllable carries about as much as three Latin letters, and Korean sentences are full of Latin
    # names.
    if 3 * len(_HANGUL.findall(text)) > len(_LATIN.findall(text)):
        return Language.KO
    words = re.findall(r"[^\W\d_]+", text)
    marked = sum(1 for word in words if _VIETNAMESE.search(word) or word.lower() in _VIETNAMESE_WORDS)
    plain = [word for word in words if word[0].islower()] or words
    bare = sum(1 for word in plain if _BARE_SYLLABLE.fullmatch(word.lower()))
    if words and (marked >= max(1, len(words) / 6) or bare >= max(2, len(plain) * _BARE_SHARE)):
        return Language.VI
    return Language.EN


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in ``text[start:end]``, in order, without surrounding white space.

    A line end always ends a sentence, so a heading or a table row is a sentence of its own. "2025. 3. 24."
    and "v.v." hold no end.
    """
    end = len(text) if end is None else end
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if text[match.start()] == "." and not _ends_sentence(text, match, at):
            continue
        yield from _stripped(text, at, match.end())
        at = match.end()
    yield from _stripped(text, at, end)


def ends_abbreviation(text: str) -> bool:
    """Whether the point at the end of a text belongs to an abbreviation ("vs.") or an initial."""
    return _NO_END_BEFORE.search(text[-12:]) is not None and not text[-2:-1].isdigit()


def table_header(text: str, at: int) -> str:
    """The first line of the table in which a row stands, empty where ``at`` is in no row of one.

    A table is lines without empty ones between them, three at least, none of them an item of a list, of which
    the first holds no digit outside of brackets and does not end like a sentence. It need not have kept the
    marks between its cells.
    """
    start, end = text.rfind("\n\n", 0, at) + 1, text.find("\n\n", at)
    lines = text[start : end if end >= 0 else len(text)].strip().split("\n")
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
