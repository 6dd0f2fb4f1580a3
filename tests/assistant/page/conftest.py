"""A real browser, and pages for it on loopback."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from browsing import WAIT_MS, Open
from fakes import ScriptedModel
from serving import serving, whole_page

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""Folder that a picture of every state is written to."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path="/usr/bin/chromium", args=list(_FLAGS)) as opened,
    ):
        yield opened


@pytest.fixture(scope="module")
def served(samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = whole_page(AnswerPipeline(samples, None, settings), samples, tmp_path_factory.mktemp("served"))
    with serving(app) as url:
        yield url


@pytest.fixture(scope="module")
def slow(samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose language model takes its time and says nothing that passes."""
    model = ScriptedModel(says="생각하는 중입니다 " * 40, pause_s=0.2)
    app = whole_page(AnswerPipeline(samples, model, settings), samples, tmp_path_factory.mktemp("slow"))
    with serving(app) as url:
        yield url


@pytest.fixture
def opened(browser: "Browser", request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a page in a browser of its own; nothing may fail in it, and nothing may come from another host."""
    problems: list[str] = []
    contexts = []

    def open_(url: str, locale: str = "ko-KR", **options: Any) -> "Page":
        size = {"width": 1440, "height": 900}
        context = browser.new_context(locale=locale, **({"viewport": size} | options))
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda sent: problems.extend(_foreign(sent.url)))
        page.goto(url)
        page.locator("#question textarea:enabled, #password").first.wait_for()
        return page

    yield open_
    for context in contexts:
        if _SCREENSHOTS:
            for n, page in enumerate(context.pages):
                name = re.sub(r"\W+", "-", request.node.name)
                page.screenshot(path=Path(_SCREENSHOTS) / f"{name}-{n}.png")
        context.close()
    assert problems == []


def _foreign(url: str) -> list[str]:
    found = httpx.URL(url)
    return [url] if found.scheme in ("http", "https") and found.host != "127.0.0.1" else []
