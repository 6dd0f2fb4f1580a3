"""Finds, reads and decodes the files to ingest; every rejection says why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import IngestError
from assistant.core.text import nfc

SUFFIXES = (".txt", ".md")
MAX_BYTES = 20 * 2**20
# Bytes that no text contains: all control characters but tab, line ends, form feed and escape.
_BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 27})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to ingest; ``error`` is set if it cannot be ingested."""

    path: Path
    error: str | None = None

    @property
    def url(self) -> str:
        """The file's URI."""
        return self.path.resolve().as_uri()


def find_sources(paths: Sequence[str]) -> Iterator[Source]:
    """The article files among the given files and folders; those of a folder are sorted by path.

    A path that cannot be ingested comes with its error.
    """
    for name in paths:
        path = Path(name).expanduser()
        if path.is_dir():
            files = sorted(
                p
                for p in path.rglob("*")
                if p.suffix.lower() in SUFFIXES and p.is_file() and p.stem.lower() != "readme"
            )
            if files:
                yield from (Source(file) for file in files)
            else:
                yield Source(path, f"The folder holds no articles (files ending in {' or '.join(SUFFIXES)}).")
        elif path.is_file():
            yield Source(path)
        elif "://" in name:
            yield Source(path, "URLs cannot be ingested yet: save the article as a text file and add that.")
        else:
            yield Source(path, "There is no such file or folder.")


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        IngestError: It is empty, too large, or cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise IngestError(
                f"The file has {size / 2**20:.0f} MiB, more than the {MAX_BYTES // 2**20} MiB an article may have: split it."
            )
        raw = path.read_bytes()
    except OSError as exc:
        raise IngestError(f"The file cannot be read: {exc.strerror}.") from exc
    if not raw.strip():
        raise IngestError("The file is empty.")
    return raw


def decode(raw: bytes) -> str:
    """UTF-8 bytes as NFC text.

    Raises:
        IngestError: They are not text, or not UTF-8; the message names the likely encoding.
    """
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) and raw.translate(None, _BINARY) != raw:
        raise IngestError("The file is binary, not text.")
    try:
        return nfc(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise IngestError(
            f"The file is not UTF-8 (byte {exc.start} cannot be read); convert it first, for instance: "
            f"iconv -f {_likely_encoding(raw)} -t UTF-8 FILE > NEW"
        ) from exc


def _likely_encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        korean = raw.decode("cp949")
    except UnicodeDecodeError:
        return "CP1258"
    hangul = sum("가" <= c <= "힣" for c in korean)
    return "CP949" if hangul * 4 > sum(not c.isascii() for c in korean) else "CP1258"
