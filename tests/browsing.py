"""What a person does in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_MS = 60_000

Open = Callable[..., "Page"]
"""Opens an address in a browser of its own; takes its locale and Playwright's options of a context."""


def ask(page: "Page", question: str) -> None:
    """Ask as soon as the page takes questions, and wait for the finished answer."""
    from playwright.sync_api import expect

    n = page.locator(".news-actions").count()
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator(".news-actions")).to_have_count(n + 1, timeout=WAIT_MS)
