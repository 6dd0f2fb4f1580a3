import io
from pathlib import Path

import pytest

from assistant.core.errors import IngestError
from ingest.sources import MAX_BYTES, find_sources, read_bytes, read_source


def test_a_folder_gives_its_articles_in_order_of_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "README.md", "c.png", "sub/가.md"):
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
    [
        ("", "no articles (files ending in .txt, .md, .html"),
        ("missing.txt", "There is no such file or folder"),
    ],
)
def test_what_cannot_be_ingested_says_why(tmp_path: Path, name: str, error: str) -> None:
    (source,) = find_sources([str(tmp_path / name)])
    assert error in str(source.error)


def test_standard_input_is_one_source() -> None:
    (source,) = find_sources(["-"], standard_input=io.BytesIO("예산은 3조 원이다.".encode()))
    assert read_source(source, None, (None, None)).raw == "예산은 3조 원이다.".encode()


def test_an_address_needs_something_that_fetches_it() -> None:
    (source,) = find_sources(["https://example.org/a"])
    assert "cannot be fetched here" in str(source.error)


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
