"""Pages to read, link to and print: an article at a citation, one answer, a conversation, and the login."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from markupsafe import Markup
from pydantic import BaseModel

from assistant.access import Access, user_of
from assistant.core.archive import Archive
from assistant.core.conversations import StoredExchange
from assistant.core.languages import Language
from assistant.page.exchange import Exchange
from assistant.page.markup import answer_html, answer_markdown, article_html, render
from assistant.page.texts import TEXTS, preferred_language


class Place(BaseModel):
    """A span of an article's version; ``part`` wants the article without the page around it."""

    version: int | None = None
    start: int = 0
    end: int = 0
    part: bool = False


class Documents:
    """The pages, which are no part of the API."""

    def __init__(self, archive: Archive, access: Access) -> None:
        self._store, self._access = archive.store, access

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        for path, page in (
            ("/articles/{article_id}", self.article),
            ("/answers/{exchange_id}", self.answer),
            ("/conversations/{conversation}.md", self.markdown),
            ("/conversations/{conversation}", self.conversation),
            ("/login", self.login),
        ):
            app.add_api_route(path, page, methods=["GET"], include_in_schema=False, response_model=None)
        for path, action in (("/login", self.log_in), ("/logout", self.log_out)):
            app.add_api_route(path, action, methods=["POST"], include_in_schema=False, response_model=None)

    def article(
        self, request: Request, article_id: str, at: Annotated[Place, Query()], ui: Language | None = None
    ) -> HTMLResponse:
        """An article with a citation of it highlighted; as a ``part``, for the pane beside the chat."""
        language = ui or _language(request)
        latest = next(iter(self._store.articles([article_id])), None)
        found = latest if at.version is None else self._store.version(article_id, at.version)
        if found is None:
            return _document(TEXTS["no_such_article"][language], "", language, 404)
        body = article_html(
            found,
            self._store.story_members([found.story_id])[found.story_id],
            language,
            span=(at.start, at.end),
            is_latest=latest is None or found.version == latest.version,
        )
        return HTMLResponse(body) if at.part else _document(found.title, body, language)

    def answer(self, request: Request, exchange_id: str, ui: Language | None = None) -> HTMLResponse:
        """One answer, for whoever has its link."""
        language = ui or _language(request)
        found = self._store.conversations.exchange(exchange_id)
        if found is None:
            return _document(TEXTS["no_such_answer"][language], "", language, 404)
        return _document(found.question, _exchanges([found], language), language)

    def markdown(self, request: Request, conversation: str, ui: Language | None = None) -> Response:
        """A conversation of the user's as a Markdown file."""
        language = ui or _language(request)
        found = self._store.conversations.exchanges(user_of(request).owner, conversation)
        if not found:
            return _document(TEXTS["conversation_gone"][language], "", language, 404)
        text = "\n".join(answer_markdown(Exchange.of(each), language) for each in found)
        disposition = {"content-disposition": 'attachment; filename="conversation.md"'}
        return PlainTextResponse(text, headers=disposition, media_type="text/markdown")

    def conversation(self, request: Request, conversation: str, ui: Language | None = None) -> HTMLResponse:
        """A conversation of the user's, to print."""
        language = ui or _language(request)
        found = self._store.conversations.exchanges(user_of(request).owner, conversation)
        if not found:
            return _document(TEXTS["conversation_gone"][language], "", language, 404)
        return _document(found[0].question, _exchanges(found, language), language)

    def login(self, request: Request) -> HTMLResponse:
        """The form."""
        language = _language(request)
        return _document(TEXTS["login"][language], render("login", language, failed=False), language)

    def log_in(
        self,
        request: Request,
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        next: str = "/",  # noqa: A002 - the query's name
    ) -> Response:
        """Start a session, and go to where the user wanted to go."""
        language = _language(request)
        if self._access.users.verified(name, password) is None:
            failed = render("login", language, failed=True)
            return _document(TEXTS["login"][language], failed, language, 401)
        request.session["user"] = name
        # Only a path of this page: an address that starts with two slashes leads to another host
        return RedirectResponse(next if next.startswith("/") and next[1:2] not in ("/", "\\") else "/", 303)

    def log_out(self, request: Request) -> RedirectResponse:
        """End the session."""
        request.session.clear()
        return RedirectResponse("/login", 303)


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language", ""))


def _document(title: str, body: str, language: Language, status: int = 200) -> HTMLResponse:
    """A whole page; without a body, which is taken as HTML only if it is marked as such, the title is all it says."""
    return HTMLResponse(render("document", language, title=title, body=body or title), status)


def _exchanges(stored: Sequence[StoredExchange], language: Language) -> Markup:
    return Markup().join(
        render(
            "exchange",
            language,
            exchange=exchange,
            asked=each.asked,
            answer_html=answer_html(exchange, language),
        )
        for each in stored
        for exchange in (Exchange.of(each),)
    )
