from pathlib import Path

import pytest

from assistant.core.errors import StorageUnavailable
from assistant.core.storage import on_disk, problem


def test_a_folder_with_room_has_no_problem(tmp_path: Path) -> None:
    assert problem(tmp_path, needed=0) is None


def test_a_folder_that_is_gone_or_a_file_is_named_with_a_way_out(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for path, words in ((tmp_path / "gone", "is gone"), (file, "is a file and no folder")):
        found = problem(path)
        assert found is not None
        assert str(path) in found
        assert words in found
        assert "NEWS_DATA_DIR" in found


def test_a_disk_with_less_room_than_needed_is_full(tmp_path: Path) -> None:
    assert "MiB are needed" in (problem(tmp_path, needed=2**60) or "")


def test_a_failed_write_names_the_folder_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(StorageUnavailable, match=f"{folder} is gone"), on_disk(folder):
        (folder / "file").write_text("")


def test_a_failed_write_to_a_sound_folder_says_what_the_system_says(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageUnavailable, match=f"{tmp_path} cannot be used: Is a directory"),
        on_disk(tmp_path),
    ):
        tmp_path.write_text("")


def test_what_is_no_matter_of_the_disk_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), on_disk(tmp_path):
        raise ValueError("mine")
