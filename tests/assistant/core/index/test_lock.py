import os
from pathlib import Path

import pytest

from assistant.core.errors import IndexLocked
from assistant.core.index.lock import IndexLock, chat_url, holder_of


def test_who_holds_an_index_is_named_until_it_is_given_back(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None
    lock = IndexLock(tmp_path / "new")
    holder = holder_of(tmp_path / "new")
    assert holder is not None
    assert (holder.pid, holder.url) == (os.getpid(), "")
    lock.release()
    assert holder_of(tmp_path / "new") is None


def test_a_held_index_is_refused_and_can_be_taken_once_it_is_free(tmp_path: Path) -> None:
    lock = IndexLock(tmp_path)
    with pytest.raises(IndexLocked, match=f"{tmp_path} is in use by process {os.getpid()} .*then try again"):
        IndexLock(tmp_path, wait_s=0)
    lock.release()
    IndexLock(tmp_path, wait_s=0).release()


def test_a_chat_tells_where_it_listens_as_long_as_it_holds_the_index(tmp_path: Path) -> None:
    lock = IndexLock(tmp_path)
    assert chat_url(tmp_path) == ""
    lock.announce("http://127.0.0.1:7860")
    assert chat_url(tmp_path) == "http://127.0.0.1:7860"
    lock.release()
    assert chat_url(tmp_path) == ""


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "command": "", "url": ""}'])
def test_a_damaged_note_names_nobody_and_bars_nobody(tmp_path: Path, note: str) -> None:
    (tmp_path / "holder.json").write_text(note)
    assert holder_of(tmp_path) is None
    IndexLock(tmp_path, wait_s=0).release()
