"""``python -m assistant figures`` as a person or a program runs it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def _run(text: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "assistant", "figures", *args]
    return subprocess.run(command, input=text, capture_output=True, check=False, cwd=ROOT)


def test_each_figure_is_one_json_line() -> None:
    done = _run("없음\n1조 위안(약 193조 원)\n6억~2350억 파라미터, 4월 30일".encode(), "--language", "ko")
    assert done.returncode == 0
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    keys = [
        "line",
        "text",
        "kind",
        "value",
        "low",
        "high",
        "unit",
        "approximate",
        "vague",
        "linked_to",
        "start",
        "end",
    ]
    assert all(list(row) == keys for row in rows)
    assert [
        (row["line"], row["value"], row["low"], row["high"], row["unit"], row["linked_to"]) for row in rows
    ] == [
        (2, "1000000000000", None, None, "CNY", None),
        (2, "193000000000000", None, None, "KRW", 0),
        (3, None, "600000000", "235000000000", "parameter", None),
        (3, "XXXX-04-30", None, None, "date", None),
    ]
    assert (rows[1]["approximate"], rows[1]["start"], rows[1]["end"]) == (True, 6, 14)


def test_without_a_language_each_line_has_its_own() -> None:
    done = _run("tăng 1.234 người\nit has 1.234 points\n".encode())
    assert [json.loads(line)["value"] for line in done.stdout.splitlines()] == ["1234", "1.234"]


def test_input_that_is_not_utf_8_is_refused_with_a_way_out() -> None:
    done = _run("점유율 17%".encode("cp949"))
    assert done.returncode == 4
    assert b"iconv -f CP949" in done.stderr


def test_a_reader_that_has_seen_enough_ends_the_command_without_a_word() -> None:
    command = [sys.executable, "-m", "assistant", "figures"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"17%\n" * 5000)
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (0, b"")
