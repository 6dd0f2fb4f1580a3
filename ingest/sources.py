"""Finds and reads what is to be ingested: files, folders, addresses, feeds, sitemaps and standard input."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.core.errors import IngestError
from assistant.core.ledger import Validators
from ingest.feeds import Entry, listed
from ingest.fetch import Fetched, Fetcher

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".eml")
MAX_BYTES = 20 * 2**20
STANDARD_INPUT = "-"
_DEEPEST_LIST = 2
"""A sitemap may list sitemaps, which list articles."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to ingest under its URL; ``error`` is set if it cannot be.

    ``entry`` is what a feed says of it; ``fetched`` is its content where that had to be read to find it.
    """

    name: str
    url: str
    path: Path | None = None
    error: IngestError | None = None
    entry: Entry | None = None
    fetched: Fetched | None = None


def find_sources(
    names: Sequence[str], fetcher: Fetcher | None = None, standard_input: BinaryIO | None = None
) -> Iterator[Source]:
    """The sources among the given files, folders, addresses and ``-``; those of a folder are sorted by path.

    What cannot be ingested comes with its error. Addresses need a ``fetcher``; ``-`` is the
    process's own input unless another is given.
    """
    for name in names:
        if name == STANDARD_INPUT:
            raw = (standard_input or sys.stdin.buffer).read()
            url = f"stdin:{hashlib.sha256(raw).hexdigest()[:16]}"
            yield Source("standard input", url, fetched=Fetched(url, raw))
        elif "://" in name:
            yield from _at_address(name, fetcher)
        else:
            yield from _at_path(Path(name).expanduser())


def read_source(source: Source, fetcher: Fetcher | None, validators: Validators) -> Fetched:
    """The content of a source; ``raw`` is None where its host says that it has not changed.

    Raises:
        IngestError: It cannot be read; says why.
    """
    if source.error:
        raise source.error
    if source.path:
        return Fetched(source.url, read_bytes(source.path))
    found = source.fetched or _fetched(source, fetcher, validators)
    if found.raw is not None and not found.raw.strip():
        raise IngestError("It is empty.")
    return found


def _fetched(source: Source, fetcher: Fetcher | None, validators: Validators) -> Fetched:
    """The page at a source's address or, where its host refuses it, what the feed contains of it."""
    if fetcher is None:
        raise IngestError("Addresses cannot be fetched here.")
    try:
        return fetcher.get(source.url, *validators)
    except IngestError:
        if source.entry is None or not source.entry.page:
            raise
        return Fetched(source.url, source.entry.page, "utf-8")


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


def _at_path(path: Path) -> Iterator[Source]:
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if _is_article(p))
        yield from (Source(file.name, file.resolve().as_uri(), file) for file in files)
        if not files:
            suffixes = ", ".join(SUFFIXES)
            yield _refused(path, f"The folder holds no articles (files ending in {suffixes}).")
    elif path.is_file():
        yield Source(path.name, path.resolve().as_uri(), path)
    else:
        yield _refused(path, "There is no such file or folder.")


def _is_article(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file() and path.stem.lower() != "readme"


def _refused(path: Path, error: str) -> Source:
    return Source(str(path), path.resolve().as_uri(), error=IngestError(error))


def _at_address(url: str, fetcher: Fetcher | None, depth: int = 0) -> Iterator[Source]:
    """The article at an address, or those that the feed or sitemap there lists."""
    if fetcher is None:
        yield Source(url, url, error=IngestError("Addresses cannot be fetched here."))
        return
    try:
        fetched = fetcher.get(url)
        entries = listed(fetched.raw or b"", fetched.url)
    except IngestError as exc:
        yield Source(url, url, error=exc)
        return
    if entries is None:
        yield Source(url, url, fetched=fetched)
        return
    for entry in entries:
        if not entry.is_list:
            yield Source(entry.url, entry.url, entry=entry)
        elif depth < _DEEPEST_LIST:
            yield from _at_address(entry.url, fetcher, depth + 1)
