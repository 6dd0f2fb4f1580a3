import unicodedata
from pathlib import Path

import pytest

from assistant.core.errors import IngestError
from ingest.sources import MAX_BYTES, decode, find_sources, read_bytes


def test_a_folder_gives_its_articles_in_order_of_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "README.md", "c.pdf", "sub/가.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = list(find_sources([str(tmp_path)]))
    assert [source.path.relative_to(tmp_path).as_posix() for source in found] == [
        "a.MD",
        "b.txt",
        "sub/가.md",
    ]
    assert {source.error for source in found} == {None}


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    file = tmp_path / "README.html"
    file.write_text("x")
    (source,) = find_sources([str(file)])
    assert (source.error, source.url) == (None, file.as_uri())


@pytest.mark.parametrize(
    ("name", "error"),
    [("", "no articles (files ending in .txt or .md)"), ("missing.txt", "There is no such file or folder")],
)
def test_what_cannot_be_ingested_says_why(tmp_path: Path, name: str, error: str) -> None:
    (source,) = find_sources([str(tmp_path / name)])
    assert error in (source.error or "")


def test_an_address_is_answered_with_what_to_do_instead() -> None:
    (source,) = find_sources(["https://example.org/a"])
    assert "save the article as a text file" in (source.error or "")


@pytest.mark.parametrize("text", ["점유율은 17%다.", "Thị phần là 17%.", "The share is 17%."])
def test_text_is_composed_and_without_a_byte_order_mark(text: str) -> None:
    assert decode(unicodedata.normalize("NFD", text).encode()) == text
    assert decode(text.encode("utf-8-sig")) == text


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"\0\1\2", "binary"),
        ("점유율은 올랐다.".encode("cp949"), r"byte 0 .*iconv -f CP949"),
        ("점유율은 올랐다.".encode("utf-16"), "iconv -f UTF-16"),
        ("Số liệu mới".encode("cp1258", "ignore") + b"\xf2", "iconv -f CP1258"),
    ],
)
def test_bytes_that_are_no_utf_8_are_refused_with_the_encoding_that_they_seem_to_have(
    raw: bytes, error: str
) -> None:
    with pytest.raises(IngestError, match=error):
        decode(raw)


def test_an_empty_a_missing_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b" \n\t")
    with pytest.raises(IngestError, match="empty"):
        read_bytes(file)
    with pytest.raises(IngestError, match="cannot be read: No such file"):
        read_bytes(tmp_path / "missing.txt")
    with file.open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    with pytest.raises(IngestError, match="split it"):
        read_bytes(file)
