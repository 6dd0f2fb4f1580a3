"""Page and API as one server on loopback: HTTP, then a real browser."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from assistant.answering.pipeline import AnswerPipeline
from assistant.api import build_api
from assistant.core.archive import Archive
from assistant.core.errors import StorageUnavailable
from assistant.core.records import (
    Answer,
    Citation,
    Disagreement,
    FigureClaim,
    Language,
    Sentence,
    SentenceOutcome,
    Status,
)
from assistant.core.settings import Settings
from assistant.page import build_page, mount_page
from assistant.page.articles_tab import articles_panel
from assistant.page.markup import Exchange, conversation_html, sources_html
from ingest.ingester import Ingester

QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"
HOSTILE = "<img src=x onerror=alert(1)>${alert(2)} **굵게**입니다"


@dataclass(frozen=True)
class Served:
    url: str
    archive: Archive


@pytest.fixture(scope="module")
def served(
    samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    pipeline = AnswerPipeline(samples, None, settings)
    panel = articles_panel(samples, Ingester.of(samples), tmp_path_factory.mktemp("uploads"))
    app = mount_page(
        build_api(pipeline, samples),
        build_page(pipeline, samples, None, panel, tmp_path_factory.mktemp("runs") / "latest.json"),
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Served(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", samples)
    server.should_exit = True
    thread.join()


def test_the_api_returns_the_record_of_the_design(served: Served) -> None:
    record = (
        httpx.post(f"{served.url}/api/ask", json={"question": QUESTION}, timeout=60).raise_for_status().json()
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


def test_the_api_takes_history_and_filters(served: Served) -> None:
    body: dict[str, Any] = {
        "question": "Còn Baidu thì sao?",
        "history": [
            {"role": "user", "content": "Doanh thu năm 2024 của Xiaomi là bao nhiêu?"},
            {"role": "assistant", "content": "…"},
        ],
        "filters": {"languages": ["vi"], "publishers": [], "from": "2025-01-01", "to": None},
    }
    record = httpx.post(f"{served.url}/api/ask", json=body, timeout=60).raise_for_status().json()
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
    served: Served, body: str, error: str
) -> None:
    headers = {"Content-Type": "application/json"}
    response = httpx.post(f"{served.url}/api/ask", content=body.encode(), headers=headers, timeout=60)
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert error in response.json()["error"]
    assert "\n" not in response.json()["error"]


def test_a_cited_article_is_read_in_the_version_that_the_citation_names(served: Served) -> None:
    record = httpx.post(f"{served.url}/api/ask", json={"question": QUESTION}, timeout=60).json()
    cited = record["citations"][0]
    address = f"{served.url}/api/articles/{cited['article_id']}"
    article = httpx.get(address, params={"version": cited["version"]}).raise_for_status().json()
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert httpx.get(address).json() == article
    assert httpx.get(address, params={"version": 9}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/ask"), ("GET", "/api/nothing"), ("DELETE", "/api/health")]
)
def test_an_address_that_the_api_does_not_have_is_an_error_of_the_same_shape(
    served: Served, method: str, path: str
) -> None:
    response = httpx.request(method, served.url + path)
    assert response.status_code == 404
    assert list(response.json()) == ["error"]


def test_a_server_side_failure_is_an_error_of_the_same_shape(served: Served) -> None:
    class Failing(AnswerPipeline):
        def __init__(self) -> None:
            """Nothing is needed to fail."""

        def invoke(self, *_: object, **__: object) -> Answer:
            raise StorageUnavailable("The disk of /data is full:\n31 MiB are free.")

    app = build_api(Failing(), served.archive)
    response = TestClient(app).post("/api/ask", json={"question": "중국 점유율은?"})
    assert (response.status_code, response.json()) == (
        503,
        {"error": "The disk of /data is full: 31 MiB are free."},
    )


def test_what_asks_nothing_is_told_what_the_assistant_is_for(served: Served) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "17%입니다. [1]"}]
    for question in ("", "  ", "???", "감사합니다"):
        body = {"question": question, "history": history}
        record = httpx.post(f"{served.url}/api/ask", json=body, timeout=60).raise_for_status().json()
        assert (record["sentences"], record["citations"], record["figure"], record["nearest"]) == (
            [],
            [],
            None,
            [],
        )
        assert record["text"].count("\n") == 0
        assert record["language"] == ("ko" if question == "감사합니다" else "en")


def test_health_and_openapi_are_served_beside_the_page(served: Served) -> None:
    health = httpx.get(f"{served.url}/api/health").json()
    assert (health["status"], health["pending"], health["error"]) == ("ok", 0, None)
    assert health["flushed"] is not None
    assert "/api/ask" in httpx.get(f"{served.url}/openapi.json").json()["paths"]
    assert "AI Policy News Assistant" in httpx.get(served.url).text


def test_everything_foreign_is_escaped() -> None:
    citation = Citation(
        1, "a", HOSTILE, HOSTILE, "2025-01-01", "ko", "file:///a.txt", HOSTILE, 0, len(HOSTILE), "a"
    )
    sentence = Sentence(HOSTILE, (1,), SentenceOutcome.QUOTED)
    answer = Answer(
        HOSTILE, Language.KO, Status.ANSWERED, sentences=(sentence,), citations=(citation,), done=True
    )
    exchange = Exchange(HOSTILE, answer, ((HOSTILE, HOSTILE),))
    for html in (conversation_html([exchange], Language.KO), sources_html([exchange], Language.KO)):
        assert "<img" not in html
        assert "&lt;img" in html
        assert "**굵게**입니다" in html


def test_what_was_understood_and_what_articles_say_differently_is_on_the_page() -> None:
    conflict = Disagreement(
        "기사마다 수치가 다릅니다. " + HOSTILE, (FigureClaim("1조 원", 1), FigureClaim("11조 원", 2))
    )
    answer = Answer(
        "그럼 펀드는?",
        Language.KO,
        Status.ANSWERED,
        standalone="중국의 AI 펀드는?",
        disagreements=(conflict,),
        done=True,
    )
    html = conversation_html([Exchange("그럼 펀드는?", answer)], Language.VI)
    assert "Được hiểu là: 중국의 AI 펀드는?" in html
    assert "기사마다 수치가 다릅니다." in html
    assert "<img" not in html
    assert 'href="#source-0-2"' in html


@pytest.mark.browser
def test_a_person_asks_reads_and_opens_the_source_in_a_browser(served: Served) -> None:
    from playwright.sync_api import expect, sync_playwright

    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path="/usr/bin/chromium", args=flags) as browser,
    ):
        page = browser.new_context(locale="vi-VN").new_page()
        hosts: set[str] = set()
        page.on(
            "request",
            lambda request: (
                hosts.add(httpx.URL(request.url).host) if request.url.startswith("http") else None
            ),
        )
        page.goto(served.url)
        expect(page.get_by_role("heading", name="Trợ lý tin tức chính sách AI")).to_be_visible()
        expect(page.locator("#no-model")).to_contain_text("Không có mô hình ngôn ngữ")
        page.get_by_text("한국어", exact=True).click()
        expect(page.get_by_role("heading", name="AI 정책 뉴스 도우미")).to_be_visible()

        page.locator("#question textarea").fill(QUESTION)
        page.locator("#send").click()
        answer = page.locator(".news-a").last
        expect(answer.locator(".news-figure")).to_have_text("17%")
        expect(answer).not_to_contain_text("쓰는 중")
        answer.locator("a.news-n").first.click()
        source = page.locator(".news-source:target")
        expect(source.locator("mark")).to_have_text(re.compile("차지한 비중은 17%였다"))
        expect(source).to_be_in_viewport()

        page.locator("#question textarea").fill(HOSTILE)
        page.locator("#send").click()
        expect(page.locator(".news-q").last).to_have_text(HOSTILE)
        assert hosts == {"127.0.0.1"}


@pytest.mark.browser
def test_a_person_adds_an_article_and_asks_about_it(served: Served, tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    file = tmp_path / "zebra.md"
    file.write_text(
        "---\ntitle: 얼룩말 연구소\ndate: 2025-06-01\npublisher: 시험\nlanguage: ko\n---\n얼룩말 연구소의 예산은 420억 원이다.\n"
    )
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path="/usr/bin/chromium", args=flags) as browser,
    ):
        page = browser.new_context(locale="ko-KR").new_page()
        page.goto(served.url)
        page.get_by_role("tab", name="기사").click()
        page.locator("#upload input[type=file]").set_input_files(str(file))
        expect(page.locator("#outcome")).to_contain_text("추가됨")
        expect(page.locator("#articles")).to_contain_text("얼룩말 연구소")
    record = httpx.post(
        f"{served.url}/api/ask", json={"question": "얼룩말 연구소의 예산은 얼마인가?"}, timeout=60
    ).json()
    assert record["figure"]["rendered"] == "420억 원"
    (added,) = (a for a in served.archive.store.articles() if a.title == "얼룩말 연구소")
    served.archive.store.remove(added.id)
    served.archive.synchronise()
