"""What the log tells of requests and answers, and what it does not."""

import json
import logging
from pathlib import Path

import httpx
import pytest
from serving import serving, whole_page

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.logs import configure_logs
from assistant.core.settings import LogFormat, LogLevel, LogSettings, Settings
from assistant.requests import log_answer, log_requests

QUESTION = "인공지능기본법을 어기면 과태료는 얼마까지 부과되나?"


@pytest.mark.parametrize("sent", ["from-the-proxy-1", "not one\nof ours"])
def test_each_request_has_an_id_and_its_lines_carry_it_without_the_question(
    sent: str, samples: Archive, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(LogSettings(level=LogLevel.INFO, format=LogFormat.JSON))
    pipeline = AnswerPipeline(samples, None, settings, observe=log_answer)
    with serving(log_requests(whole_page(pipeline, samples, tmp_path))) as url:
        headers = {"X-Request-ID": sent.replace("\n", " ")}
        answer = httpx.post(
            f"{url}/api/ask?secret=1", json={"question": QUESTION}, headers=headers, timeout=60
        )
    configure_logs(LogSettings())
    request_id = answer.headers["X-Request-ID"]
    assert (request_id == sent) == (sent == "from-the-proxy-1")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request_id") == request_id]
    assert {line["message"].split()[0] for line in mine} == {"answer", "POST"}
    told = {name: value for line in mine for name, value in line.items()}
    assert {"timestamp", "level", "ms", "status", "model", "path"} <= told.keys()
    assert told["path"] == "/api/ask"
    assert "과태료" not in written
    assert "secret" not in written


def test_by_default_only_what_is_wrong_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings())
    log = logging.getLogger("assistant")
    log.info("quiet")
    log.warning("The index was damaged")
    assert capsys.readouterr().err == "The index was damaged\n"
