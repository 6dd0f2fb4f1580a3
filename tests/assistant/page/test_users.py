"""Several users at once: each meets their own conversations only; PARALLEL_USERS=20 opens more pages."""

import os
from pathlib import Path

import pytest
from browsing import WAIT_MS, Open, ask
from fakes import ScriptedModel
from serving import serving, whole_page

from assistant.access import Users
from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.settings import Login, PageSettings, Settings
from assistant.page.texts import TEXTS, texts

pytestmark = pytest.mark.browser

QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"
ASKED_VI = "Doanh thu năm 2024 của Xiaomi là bao nhiêu?"
_N_USERS = int(os.environ.get("PARALLEL_USERS", "6"))


def test_two_users_see_their_own_conversations_only(served: str, opened: Open) -> None:
    from playwright.sync_api import expect

    one, other = opened(served), opened(served, "vi-VN")
    ask(one, QUESTION)
    ask(other, ASKED_VI)
    other.reload()
    expect(other.locator(".news-a")).to_have_count(1)
    expect(other.locator(".news-a")).not_to_contain_text("17%")
    expect(other.locator("#history label")).to_have_count(1)


def test_a_reader_logs_in_and_cannot_remove_articles(
    samples: Archive, settings: Settings, tmp_path: Path, opened: Open
) -> None:
    from playwright.sync_api import expect

    Users(tmp_path / "users.txt").add("lan", "battery staple", is_editor=False)
    app = whole_page(
        AnswerPipeline(samples, None, settings), samples, tmp_path, PageSettings(login=Login.USERS)
    )
    with serving(app) as url:
        page = opened(url, "vi-VN")
        page.locator("#name").fill("lan")
        page.locator("#password").fill("wrong password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(TEXTS["login_failed"][Language.VI])
        page.locator("#name").fill("lan")
        page.locator("#password").fill("battery staple")
        page.keyboard.press("Enter")
        ask(page, ASKED_VI)
        page.get_by_role("tab", name=TEXTS["articles"][Language.VI]).click()
        page.locator("#address textarea, #address input").first.fill("http://127.0.0.1:9/x")
        page.locator("#add-address").click()
        said = texts("articles")["editors_only"][Language.VI]
        expect(page.locator("#outcome")).to_contain_text(said)
        page.get_by_role("button", name=TEXTS["logout"][Language.VI]).click()
        expect(page.locator("#password")).to_be_visible()


def test_users_at_once_are_answered_and_see_only_their_own_question(
    samples: Archive, settings: Settings, tmp_path: Path, opened: Open
) -> None:
    from playwright.sync_api import expect

    model = ScriptedModel(says="업로드된 모델 가운데 중국산의 다운로드 비중은 17%다 [1].")
    with serving(whole_page(AnswerPipeline(samples, model, settings), samples, tmp_path)) as url:
        pages = [opened(url) for _ in range(_N_USERS)]
        questions = [f"{n:02}번 독자: {QUESTION}" for n in range(1, _N_USERS + 1)]
        for page, question in zip(pages, questions, strict=True):
            page.locator("#question textarea").fill(question)
            page.locator("#send").click()
        for page, question in zip(pages, questions, strict=True):
            expect(page.locator(".news-actions")).to_have_count(1, timeout=3 * WAIT_MS)
            expect(page.locator(".news-a")).to_contain_text("17%")
            assert [shown for shown in questions if page.get_by_text(shown).count()] == [question]
        for page, question in zip(pages[::5], questions[::5], strict=True):
            page.reload()
            expect(page.locator("#history label")).to_have_count(1)
            expect(page.locator("#history label")).to_contain_text(question[:6])
