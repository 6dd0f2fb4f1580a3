"""The chat tab: a conversation of checked answers beside a pane with their sources."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.access import User
from assistant.core.conversations import Judgement
from assistant.core.languages import Language
from assistant.page.chat import MESSAGES_AN_EXCHANGE, Chat, Talk, messages
from assistant.page.exchange import Exchange
from assistant.page.markup import render
from assistant.page.sidebar import Side, filters_of
from assistant.page.texts import REASONS, TEXTS, Words, moment

_AT_ONCE = 20
"""Answers in progress at once; those beyond wait in Gradio's queue."""

LISTEN: Any = {"api_visibility": "private", "show_progress": "hidden"}
"""How the page listens to events: they are no part of the API, and show their progress themselves."""


class ChatTab:
    """The tab's components and events; ``words`` is what changes the components to a language."""

    def __init__(self, chat: Chat, side: Side, tongue: gr.State) -> None:
        self._chat, self._side, self._tongue = chat, side, tongue
        self.talk: gr.State = gr.State(Talk())
        self._judging: gr.State = gr.State("")
        # The key is no secret, and need not be one: the id opens nothing to those who do not own the conversation
        self.kept = gr.BrowserState(None, storage_key="conversation", secret="conversation")  # noqa: S106
        with gr.Row(elem_id="chat-row"):
            with gr.Column(scale=3, min_width=320):
                self._shown = gr.Chatbot(
                    elem_id="conversation",
                    show_label=False,
                    render_markdown=False,
                    editable="user",
                    buttons=["copy"],
                    autoscroll=False,
                    height="calc(100dvh - 17rem)",
                    min_height=260,
                )
                with gr.Group(visible=False, elem_id="judge") as self._judge:
                    self._reasons = gr.Radio([], elem_id="reasons")
                    self._correction = gr.Textbox(max_lines=3, elem_id="correction")
                    self._judged = gr.Button(size="sm", elem_id="judged")
                with gr.Row(elem_id="ask-row"):
                    self._box = gr.Textbox(
                        show_label=False,
                        container=False,
                        scale=6,
                        max_lines=6,
                        interactive=False,  # until the page knows its conversation
                        elem_id="question",
                    )
                    self._send = gr.Button(variant="primary", min_width=80, elem_id="send")
                    self._halt = gr.Button(min_width=80, elem_id="stop")
                self._alone = gr.Button(size="sm", elem_id="alone", visible=False)
            with gr.Column(scale=2, min_width=320):
                self._pane = gr.HTML(elem_id="source-pane")
        self.words: Words = {
            self._shown: self._empty,
            self._reasons: lambda tag: gr.Radio(
                choices=[(said[tag], name) for name, said in REASONS.items()], label=TEXTS["judge_title"][tag]
            ),
            self._correction: lambda tag: gr.Textbox(label=TEXTS["correction"][tag]),
            self._judged: lambda tag: gr.Button(TEXTS["judge_send"][tag]),
            self._box: lambda tag: gr.Textbox(
                placeholder=TEXTS["placeholder"][tag], label=TEXTS["placeholder"][tag], interactive=True
            ),
            self._send: lambda tag: gr.Button(TEXTS["send"][tag]),
            self._halt: lambda tag: gr.Button(TEXTS["stop"][tag]),
            self._alone: lambda tag: gr.Button(TEXTS["alone"][tag]),
            self._pane: lambda tag: gr.HTML(render("pane", tag)),
        }
        self._connect()

    def show(self, event: Any) -> None:
        """After an event, show the conversation in the page's language, and list it."""
        event.then(
            self._refreshed,
            [self.talk, self._side.search, self._tongue],
            [*self._view_outputs, self._side.listed],
            **LISTEN,
        )

    @property
    def _view_outputs(self) -> list[Any]:
        return [self.talk, self.kept, self._shown, self._alone, self._judge, self._side.exports]

    def _connect(self) -> None:
        side, asked = self._side, [self.talk, self._shown]
        inputs = [self.talk, self._tongue]
        answers = []
        handler: Callable[..., Any]
        for event, run, first in (
            (self._send.click, self._accept, [self._box]),
            (self._box.submit, self._accept, [self._box]),
            (self._shown.example_select, self._accept_chosen, []),
            (self._shown.option_select, self._accept_chosen, []),
            (self._shown.retry, self._retry, []),
            (self._shown.edit, self._edit, []),
            (self._alone.click, self._ask_alone, []),
        ):
            accepted = event(run, [*first, *inputs], [*first, *asked], **LISTEN)
            answered = accepted.then(
                self._answer,
                [*inputs, *side.filters],
                self._view_outputs,
                concurrency_limit=_AT_ONCE,
                **LISTEN,
            )
            answers.append(answered)
            self.show(answered)
        for event, handler, of in (
            (self._halt.click, self._stop, inputs),
            (side.fresh.click, self._fresh, [self._tongue]),
            (self._shown.clear, self._fresh, [self._tongue]),
            (side.listed.input, self._reopen, [side.listed, self._tongue]),
            (side.remove.click, self._remove, inputs),
        ):
            self.show(event(handler, of, self._view_outputs, cancels=answers, **LISTEN))
        self.show(side.rename.click(self._rename, [self.talk, side.title], side.title, **LISTEN))
        side.search.change(self._listed, [*inputs, side.search], side.listed, **LISTEN)
        self._shown.like(self._liked, inputs, [self._judging, self._judge], **LISTEN)
        self._judged.click(
            self._keep_judgement,
            [self._judging, self._reasons, self._correction, self._tongue],
            [self._reasons, self._correction, self._judge],
            **LISTEN,
        )

    def _accept(self, text: str, talk: Talk, tag: Language) -> tuple[str, Talk, Any]:
        """Take a question out of the box and show it; one that cannot be asked now stays in the box."""
        question = text.strip()
        if refusal := self._chat.refusal(question, talk, tag):
            gr.Warning(refusal)
        if refusal or not question:
            return text, talk, gr.skip()
        talk = talk.plus(Exchange(question))
        return "", talk, messages(talk.exchanges, tag)

    def _accept_chosen(self, talk: Talk, tag: Language, chosen: gr.SelectData) -> tuple[Talk, Any]:
        text = chosen.value["text"] if isinstance(chosen.value, dict) else str(chosen.value)
        return self._accept(text, talk, tag)[1:]

    def _ask_alone(self, talk: Talk, tag: Language) -> tuple[Talk, Any]:
        if talk.last is None or talk.is_busy:
            return talk, gr.skip()
        talk = talk.plus(Exchange(talk.last.question, is_alone=True))
        return talk, messages(talk.exchanges, tag)

    def _retry(self, talk: Talk, tag: Language, request: gr.Request, data: gr.RetryData) -> tuple[Talk, Any]:
        number = _exchange_number(data.index)
        return self._again(talk, tag, request, number, talk.exchanges[number].question)

    def _edit(self, talk: Talk, tag: Language, request: gr.Request, data: gr.EditData) -> tuple[Talk, Any]:
        return self._again(talk, tag, request, _exchange_number(data.index), str(data.value).strip())

    def _again(
        self, talk: Talk, tag: Language, request: gr.Request, number: int, question: str
    ) -> tuple[Talk, Any]:
        if refusal := self._chat.refusal(question, talk, tag):
            gr.Warning(refusal)
        elif question:
            talk = self._chat.again(talk, user_of_event(request).owner, number, question)
        return talk, messages(talk.exchanges, tag)

    def _answer(
        self, talk: Talk, tag: Language, request: gr.Request, *filters: Any
    ) -> Iterator[tuple[Any, ...]]:
        try:
            only = filters_of(tag, *filters)
        except ValueError as exc:
            yield self._view(self._chat.refused(talk, str(exc)), tag)
            return
        earlier = messages(talk.exchanges, tag)[:-MESSAGES_AN_EXCHANGE]
        for now in self._chat.answer(talk, only, tag, user_of_event(request)):
            yield self._view(now, tag, earlier)

    def _stop(self, talk: Talk, tag: Language, request: gr.Request) -> tuple[Any, ...]:
        return self._view(self._chat.stop(talk, user_of_event(request).owner), tag)

    def _fresh(self, tag: Language) -> tuple[Any, ...]:
        return self._view(Talk(), tag)

    def _reopen(self, id_: str, tag: Language, request: gr.Request) -> tuple[Any, ...]:
        return self._view(self._chat.opened(user_of_event(request).owner, id_), tag)

    def _remove(self, talk: Talk, tag: Language, request: gr.Request) -> tuple[Any, ...]:
        if talk.id:
            self._chat.conversations.remove(user_of_event(request).owner, talk.id)
        return self._view(Talk(), tag)

    def _rename(self, talk: Talk, title: str, request: gr.Request) -> str:
        if title.strip() and talk.id:
            self._chat.conversations.rename(user_of_event(request).owner, talk.id, title.strip())
        return ""

    def _liked(self, talk: Talk, tag: Language, data: gr.LikeData) -> tuple[str, Any]:
        exchange = talk.exchanges[_exchange_number(data.index)]
        is_right = data.liked is True
        if is_right and self._chat.judge(exchange.id, Judgement(is_right=True)):
            gr.Info(TEXTS["judge_thanks"][tag])
        return exchange.id, gr.Group(visible=not is_right and bool(exchange.id))

    def _keep_judgement(
        self, id_: str, reason: str | None, correction: str, tag: Language
    ) -> tuple[Any, ...]:
        if self._chat.judge(id_, Judgement(False, reason or "", correction.strip())):
            gr.Info(TEXTS["judge_thanks"][tag])
        return None, "", gr.Group(visible=False)

    def _listed(self, talk: Talk, tag: Language, words: str, request: gr.Request) -> Any:
        found = self._chat.conversations.listed(user_of_event(request).owner, words.strip())
        choices = [(f"{one.title} · {moment(one.changed, tag)}", one.id) for one in found]
        return gr.Radio(choices=choices, value=talk.id if talk.id in dict(choices).values() else None)

    def _refreshed(self, talk: Talk, words: str, tag: Language, request: gr.Request) -> tuple[Any, ...]:
        return *self._view(talk, tag), self._listed(talk, tag, words, request)

    def _view(self, talk: Talk, tag: Language, earlier: Sequence[dict[str, Any]] = ()) -> tuple[Any, ...]:
        last = talk.last
        return (
            talk,
            talk.id,
            messages(talk.exchanges, tag, earlier),
            gr.Button(visible=bool(last and last.is_done and last.is_follow_up)),
            gr.Group(visible=False),
            render("exports", tag, conversation=talk.id or ""),
        )

    def _empty(self, tag: Language) -> gr.Chatbot:
        """What the conversation shows before the first question."""
        examples: Any = [{"text": question} for question in self._chat.examples(tag)]
        return gr.Chatbot(placeholder=TEXTS["about"][tag], examples=examples)


def user_of_event(request: gr.Request) -> User:
    """Who caused an event."""
    user: User = request.state.user
    return user


def _exchange_number(message: int | tuple[int, int]) -> int:
    """The number of the exchange of a message, which Gradio gives for some events with that of its part."""
    return (message if isinstance(message, int) else message[0]) // MESSAGES_AN_EXCHANGE
