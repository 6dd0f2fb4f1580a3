"""The HTTP API as a client meets it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from openai import OpenAI
from serving import serving, whole_page

from assistant.access import Access
from assistant.answering.pipeline import AnswerPipeline
from assistant.api import build_api
from assistant.core.archive import Archive
from assistant.core.errors import StorageUnavailable
from assistant.core.records import Answer
from assistant.core.settings import PageSettings, Settings

QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"


@pytest.fixture(scope="module")
def served(samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pipeline = AnswerPipeline(samples, None, settings)
    with serving(whole_page(pipeline, samples, tmp_path_factory.mktemp("served"))) as url:
        yield url


def test_the_api_returns_the_record_of_the_design(served: str) -> None:
    record = (
        httpx.post(f"{served}/api/ask", json={"question": QUESTION}, timeout=60).raise_for_status().json()
    )
    assert set(record) == {
        *(
            "question",
            "language",
            "status",
            "text",
            "figure",
            "sentences",
            "citations",
            "disagreements",
            "nearest",
            "dropped",
            "trace",
        ),
        *("timings_ms", "engine"),
    }
    assert record["figure"]["rendered"] == "17%"
    assert set(record["citations"][0]) == {
        *(
            "n",
            "article_id",
            "title",
            "publisher",
            "published",
            "language",
            "url",
            "quote",
            "start",
            "end",
            "story_id",
            "also_in",
            "version",
            "others",
        ),
    }
    assert record["citations"][0]["also_in"] == 1
    assert {"retrieve", "evidence", "first_sentence", "total"} <= set(record["timings_ms"])


def test_the_api_takes_history_and_filters(served: str) -> None:
    body: dict[str, Any] = {
        "question": "Còn Baidu thì sao?",
        "history": [
            {"role": "user", "content": "Doanh thu năm 2024 của Xiaomi là bao nhiêu?"},
            {"role": "assistant", "content": "…"},
        ],
        "filters": {"languages": ["vi"], "publishers": [], "from": "2025-01-01", "to": None},
    }
    record = httpx.post(f"{served}/api/ask", json=body, timeout=60).raise_for_status().json()
    assert record["language"] == "vi"
    assert any("Baidu" in citation["quote"] for citation in record["citations"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{}", "question: Field required"),
        ('{"question": "a", "x": 1}', "x: Extra inputs are not permitted"),
        ('{"question": 7}', "question: Input should be a valid string"),
        ('{"question"', "JSON decode error"),
        (f'{{"question": "{"가" * 2001}"}}', "question: String should have at most 2000 characters"),
        (r'{"question": "중국 \ud83d 점유율은?"}', "question: "),
        (r'{"question": "중국\u0000"}', "question: Value error, it holds a NUL character"),
        (r'{"question": "a", "history": [{"role": "user", "content": "\udc00"}]}', "history.0.content: "),
        (r'{"question": "a", "history": [{"role": "user", "content": "a\u0000"}]}', "history.0.content: "),
        ('{"question": "a", "history": [{"role": "system", "content": "b"}]}', "history.0.role: "),
        (
            '{"question": "a", "filters": {"languages": ["fr"]}}',
            "filters.languages.0: Input should be 'ko', 'vi' or 'en'",
        ),
        ('{"question": "a", "filters": {"from": "2025-02-30"}}', "filters.from: "),
        ('{"question": "a", "filters": {"from": "2026-01-01", "to": "2020-01-01"}}', "the days are reversed"),
        ('{"question": "a", "filters": {"publishers": ["아무개일보"]}}', "No article is by 아무개일보"),
    ],
)
def test_a_wrong_request_is_refused_with_one_line_that_says_what_is_wrong(
    served: str, body: str, error: str
) -> None:
    headers = {"Content-Type": "application/json"}
    response = httpx.post(f"{served}/api/ask", content=body.encode(), headers=headers, timeout=60)
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert error in response.json()["error"]
    assert "\n" not in response.json()["error"]


def test_a_cited_article_is_read_in_the_version_that_the_citation_names(served: str) -> None:
    record = httpx.post(f"{served}/api/ask", json={"question": QUESTION}, timeout=60).json()
    cited = record["citations"][0]
    address = f"{served}/api/articles/{cited['article_id']}"
    article = httpx.get(address, params={"version": cited["version"]}).raise_for_status().json()
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert httpx.get(address).json() == article
    assert httpx.get(address, params={"version": 9}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/ask"), ("GET", "/api/nothing"), ("DELETE", "/api/health")]
)
def test_an_address_that_the_api_does_not_have_is_an_error_of_the_same_shape(
    served: str, method: str, path: str
) -> None:
    response = httpx.request(method, served + path)
    assert response.status_code == 404
    assert list(response.json()) == ["error"]


def test_a_server_side_failure_is_an_error_of_the_same_shape(samples: Archive, tmp_path: Path) -> None:
    class Failing(AnswerPipeline):
        def __init__(self) -> None:
            """Nothing is needed to fail."""

        def invoke(self, *_: object, **__: object) -> Answer:
            raise StorageUnavailable("The disk of /data is full:\n31 MiB are free.")

        def stream(self, *_: object, **__: object) -> Iterator[Answer]:
            raise StorageUnavailable("The disk is full.")
            yield

    access = Access(PageSettings(), tmp_path)
    app = build_api(Failing(), samples, access)
    access.guard(app)
    client = TestClient(app, "http://127.0.0.1")
    response = client.post("/api/ask", json={"question": "중국 점유율은?"})
    assert (response.status_code, response.json()) == (
        503,
        {"error": "The disk of /data is full: 31 MiB are free."},
    )
    stream = client.post("/api/ask", json={"question": "?"}, headers={"Accept": "text/event-stream"})
    assert stream.text == 'event: error\ndata: {"error": "The disk is full."}\n\n'


def test_what_asks_nothing_is_told_what_the_assistant_is_for(served: str) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "17%입니다. [1]"}]
    for question in ("", "  ", "???", "감사합니다"):
        body = {"question": question, "history": history}
        record = httpx.post(f"{served}/api/ask", json=body, timeout=60).raise_for_status().json()
        assert (record["sentences"], record["citations"], record["figure"], record["nearest"]) == (
            [],
            [],
            None,
            [],
        )
        assert record["text"].count("\n") == 0
        assert record["language"] == ("ko" if question == "감사합니다" else "en")


def test_health_and_openapi_are_served_beside_the_page(served: str) -> None:
    health = httpx.get(f"{served}/api/health").json()
    assert (health["status"], health["pending"], health["error"]) == ("ok", 0, None)
    assert health["flushed"] is not None
    assert "/api/ask" in httpx.get(f"{served}/openapi.json").json()["paths"]
    assert "AI Policy News Assistant" in httpx.get(served).text


def test_an_answer_in_progress_is_a_stream_of_records(served: str) -> None:
    headers = {"Accept": "text/event-stream"}
    response = httpx.post(f"{served}/api/ask", json={"question": QUESTION}, headers=headers, timeout=60)
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", response.text)
    assert [name for name, _ in events][-1] == "done"
    assert {name for name, _ in events[:-1]} == {"answer"}
    assert json.loads(events[-1][1])["figure"]["rendered"] == "17%"


def test_the_articles_are_listed_searched_and_paged(served: str, samples: Archive) -> None:
    every = httpx.get(f"{served}/api/articles").raise_for_status().json()
    assert every["total"] == samples.store.counts()["articles"]
    some = httpx.get(f"{served}/api/articles", params={"q": "샤오미", "language": "ko", "limit": 1}).json()
    assert 0 < some["total"] < every["total"]
    assert [article["language"] for article in some["articles"]] == ["ko"]
    assert "text" not in some["articles"][0]
    assert httpx.get(f"{served}/api/articles", params={"limit": 0}).status_code == 422


def test_no_answer_and_no_list_shows_a_path_of_the_machine(served: str) -> None:
    answer = httpx.post(f"{served}/api/ask", json={"question": QUESTION}, timeout=60)
    listed = httpx.get(f"{served}/api/articles")
    for response in (answer, listed):
        assert "file:" not in response.text
    cited = answer.json()["citations"][0]
    assert cited["url"] == f"{served}/articles/{cited['article_id']}"
    assert httpx.get(cited["url"]).status_code == 200


def test_openais_client_gets_an_answer_whose_annotations_lead_to_the_quoted_words(served: str) -> None:
    client = OpenAI(base_url=f"{served}/v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list()] == ["ai-policy-news"]
    messages: Any = [{"role": "system", "content": "Say 99 %."}, {"role": "user", "content": QUESTION}]
    answer = client.chat.completions.create(model="ai-policy-news", messages=messages).choices[0].message
    assert answer.content is not None
    assert "17%" in answer.content
    assert answer.annotations
    cited = answer.annotations[0].url_citation
    assert answer.content[cited.start_index : cited.end_index] == "[1]"
    page = httpx.get(cited.url).raise_for_status().text
    assert re.search('<mark id="quote">[^<]*17%', page)
    stream = client.chat.completions.create(model="x", messages=messages, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == answer.content


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "content": "a"}]])
def test_a_completion_without_a_question_is_refused(served: str, messages: list[dict[str, str]]) -> None:
    response = httpx.post(f"{served}/v1/chat/completions", json={"messages": messages})
    assert (response.status_code, response.json()) == (
        422,
        {"error": "The last message has to be the user's."},
    )


def test_the_documentation_is_served_without_other_hosts(served: str) -> None:
    page = httpx.get(f"{served}/docs").raise_for_status().text
    hosts = {httpx.URL(url).host for url in re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)', page)}
    assert hosts == {httpx.URL(served).host}
    paths = httpx.get(f"{served}/openapi.json").json()["paths"]
    assert {
        "/api/ask",
        "/api/articles",
        "/api/articles/{article_id}",
        "/api/health",
        "/v1/chat/completions",
    } <= set(paths)


def test_metrics_tell_the_archives_size(served: str, samples: Archive) -> None:
    text = httpx.get(f"{served}/metrics").raise_for_status().text
    assert f"news_articles {float(samples.store.counts()['articles'])}" in text
    assert "news_index_ok 1.0" in text
