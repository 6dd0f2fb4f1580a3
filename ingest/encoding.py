"""Bytes as text: Unicode, Korean and Vietnamese encodings, and text that was decoded wrongly before."""

import re
from itertools import product

from assistant.core.errors import IngestError
from assistant.core.languages import Language
from assistant.core.text import detect_language, is_vietnamese_syllable, nfc

# All control characters but tab, line ends, form feed and escape: no text has them.
_BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HANGUL = re.compile(r"[가-힣]")
_FEW = 0.005
"""Share of bytes that may be broken in text that is UTF-8 otherwise."""
_SYLLABLES = 0.9
"""Share of the words of a Vietnamese text that are built like its syllables."""
_WORD = re.compile(r"[^\W\d_]+")

# Lower-case letters of TCVN 5712:1993 VN3 from 0xA1 on; a dot is a byte that it leaves free. Upper-case ones with
# a tone are lower-case ones in another font.
_TCVN3 = "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
_VNI_MARKS = {
    "a": "øàùáûảõãïạêăèằéắúẳüẵëặââàầáấåẩãẫäậ",
    "e": "øèùéûẻõẽïẹâêàềáếåểãễäệ",
    "o": "øòùóûỏõõïọâôàồáốåổãỗäộ",
    "ô": "øờùớûởõỡïợ",
    "u": "øùùúûủõũïụ",
    "ö": "øừùứûửõữïự",
    "y": "øỳùýûỷõỹ",
}
_VNI_ALONE = {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni() -> dict[str, str]:
    pairs = dict(_VNI_ALONE)
    for base, marks in _VNI_MARKS.items():
        pairs |= {base + mark: letter for mark, letter in zip(marks[::2], marks[1::2], strict=True)}
    return pairs | {written.upper(): letter.upper() for written, letter in pairs.items()}


_VNI = _vni()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def decode(raw: bytes, declared: str | None = None) -> str:
    """The text in NFC: UTF-8, UTF-16, the encoding its carrier declares, or a Korean or Vietnamese one.

    Raises:
        IngestError: It is not text, its encoding cannot be told, or it was decoded wrongly before it was
            stored; says what to do.
    """
    bom = next((name for mark, name in _BOMS.items() if raw.startswith(mark)), None)
    for name in (bom or _without_bom(raw), "utf-8", declared):
        if name and (text := _decoded(raw, name)) is not None:
            if _CONTROL.search(text):
                break
            return nfc(_restored(text))
    if bom is None and raw.translate(None, _BINARY) != raw:
        raise IngestError("The file is binary, not text.")
    _refuse_few_broken_bytes(raw)
    if vietnamese := _legacy_vietnamese(raw.decode("latin-1")):
        return nfc(vietnamese)
    from charset_normalizer import from_bytes

    best = from_bytes(raw, cp_isolation=["cp949", "cp1252"]).best()
    if best and best.encoding == "cp949":
        return nfc(str(best))
    if (vietnamese := _decoded(raw, "cp1258")) and detect_language(vietnamese) is Language.VI:
        return nfc(vietnamese)
    if best is None:
        raise IngestError("The encoding cannot be told; save the text as UTF-8.")
    return nfc(str(best))


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _without_bom(raw: bytes) -> str | None:
    """UTF-16 by the zero bytes of its line ends and spaces."""
    if raw.count(b"\0") < len(raw) / 50:
        return None
    return "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"


def _restored(text: str) -> str:
    """Vietnamese in the letters of an old font as Unicode; text that was decoded wrongly is refused."""
    if not any("\x80" <= c <= "\xff" for c in text):
        return text
    for wrong, right in product(("iso-8859-1", "cp1252"), ("utf-8", "cp949")):
        try:
            meant = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        # UTF-8 does not come about by chance; two accented letters in a row may look like a Korean syllable
        if right == "utf-8" or len(_HANGUL.findall(meant)) > sum(c.isascii() and c.isalpha() for c in meant):
            raise IngestError(
                f"The text is {right.upper()} that was read as {wrong.upper()}. Restore it with: "
                f"iconv -f UTF-8 -t {wrong.upper()} FILE | iconv -f {right.upper()} -t UTF-8 > NEW"
            )
    return _legacy_vietnamese(text) or text


def _legacy_vietnamese(text: str) -> str | None:
    """Vietnamese out of TCVN3 or VNI, each byte of which is a character of the text; None where it is neither."""
    found = max((_tcvn3(text), _vni_text(text)), key=_share_of_syllables)
    return found if _share_of_syllables(found) >= _SYLLABLES > _share_of_syllables(text) else None


def _tcvn3(text: str) -> str:
    return text.translate({0xA1 + i: letter for i, letter in enumerate(_TCVN3) if letter != "."})


def _vni_text(text: str) -> str:
    return _VNI_PATTERN.sub(lambda match: _VNI[match.group()], text)


def _share_of_syllables(text: str) -> float:
    words = _WORD.findall(text)
    return sum(map(is_vietnamese_syllable, words)) / max(1, len(words))


def _refuse_few_broken_bytes(raw: bytes) -> None:
    broken = raw.decode("utf-8", "replace").count("\ufffd")
    if broken > max(1, _FEW * len(raw)):
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise IngestError(
            f"Broken characters in the UTF-8 text: {broken}, the first at byte {exc.start}. "
            "Leave them out with: iconv -c -f UTF-8 -t UTF-8 FILE > NEW"
        ) from exc
