"""What happens in a conversation: a question is accepted, answered, stopped, asked again, judged."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.access import Access, User
from assistant.answering.pipeline import MAX_QUESTION_CHARS, AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.conversations import Conversations, Judgement
from assistant.core.errors import (
    AssistantError,
    DatabaseUnavailable,
    IndexUnavailable,
    ModelUnavailable,
    SettingsError,
    StorageUnavailable,
)
from assistant.core.languages import Language
from assistant.core.logs import LOG
from assistant.core.records import Filters
from assistant.page.exchange import Exchange, history_of
from assistant.page.markup import answer_html
from assistant.page.texts import EXAMPLES, TEXTS

_ERRORS = {
    StorageUnavailable: "error_storage",
    DatabaseUnavailable: "error_database",
    IndexUnavailable: "error_index",
    ModelUnavailable: "error_model",
    SettingsError: "error_settings",
}
_N_SUGGESTED = 3
MESSAGES_AN_EXCHANGE = 2
"""A question and its answer."""

log = logging.getLogger(LOG)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the page holds it; ``id`` is that of the stored one, None before its first answer."""

    exchanges: tuple[Exchange, ...] = ()
    id: str | None = None

    @property
    def last(self) -> Exchange | None:
        """The last exchange."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is in progress."""
        return self.last is not None and not self.last.is_done

    def plus(self, exchange: Exchange) -> "Talk":
        """With another exchange."""
        return replace(self, exchanges=(*self.exchanges, exchange))

    def ending(self, exchange: Exchange, id_: str | None = None) -> "Talk":
        """With another last exchange, and once it is stored the conversation's id."""
        return Talk((*self.exchanges[:-1], exchange), id_ or self.id)


@dataclass(frozen=True, slots=True)
class Chat:
    """What may happen in a conversation; answers are kept for their owner."""

    pipeline: AnswerPipeline
    archive: Archive
    access: Access

    @property
    def conversations(self) -> Conversations:
        """Those of all owners."""
        return self.archive.store.conversations

    def refusal(self, question: str, talk: Talk, tag: Language) -> str:
        """Why a question cannot be asked now; empty if it can."""
        if talk.is_busy:
            return TEXTS["busy"][tag]
        if len(question) > MAX_QUESTION_CHARS:
            return TEXTS["too_long"][tag].format(n=len(question), limit=MAX_QUESTION_CHARS)
        return ""

    def answer(self, talk: Talk, filters: Filters, tag: Language, user: User) -> Iterator[Talk]:
        """Answer the last question if it has no answer yet, and keep the answer when it is finished."""
        current = talk.last
        if current is None or current.answer or current.is_done:
            yield talk
            return
        if not self.access.may_ask(user):
            yield self.refused(talk, TEXTS["too_many"][tag])
            return
        history = () if current.is_alone else history_of(talk.exchanges[:-1])
        try:
            for answer in self.pipeline.stream(Ask(current.question, history, filters)):
                current = replace(current, answer=answer)
                if not answer.done:
                    yield talk.ending(current)
            yield self._kept(talk, current, user.owner)
        except AssistantError as exc:
            yield talk.ending(replace(current, error=described(exc, tag)))
        except Exception:  # the conversation has to go on
            log.exception("A question could not be answered")
            yield talk.ending(replace(current, error=TEXTS["failed"][tag]))

    def refused(self, talk: Talk, why: str) -> Talk:
        """End the last question with the reason why it is not answered; one that has its answer stays as it is."""
        return talk.ending(replace(talk.exchanges[-1], error=why)) if talk.is_busy else talk

    def stop(self, talk: Talk, owner: str) -> Talk:
        """Mark an answer in progress as stopped; what was shown of it is kept."""
        current = talk.last
        if current is None or not talk.is_busy:
            return talk
        current = replace(current, was_stopped=True)
        if current.answer is None:
            return talk.ending(current)
        return self._kept(talk, replace(current, answer=current.answer.with_changes(done=True)), owner)

    def again(self, talk: Talk, owner: str, number: int, question: str) -> Talk:
        """Forget the exchanges from this number on, and ask the question in their place."""
        for forgotten in talk.exchanges[number:]:
            if forgotten.id:
                self.conversations.forget(owner, forgotten.id)
        kept = Talk(talk.exchanges[:number], talk.id)
        return kept.plus(Exchange(question, is_alone=talk.exchanges[number].is_alone))

    def opened(self, owner: str, id_: str | None) -> Talk:
        """A stored conversation of this owner; an empty one if there is none."""
        stored = self.conversations.exchanges(owner, id_) if id_ else []
        return Talk(tuple(map(Exchange.of, stored)), id_ if stored else None)

    def judge(self, id_: str, judgement: Judgement) -> bool:
        """Keep a reader's judgement of a stored answer; False if it is not stored."""
        return bool(id_) and self.conversations.judge(id_, judgement)

    def examples(self, tag: Language) -> list[str]:
        """Questions that the archive answers: about the sample articles, else about its newest in the language."""
        if self.archive.store.has_samples():
            return list(EXAMPLES[tag])
        store = self.archive.store
        newest = store.articles(store.ids(Filters(languages=(tag,)))[:_N_SUGGESTED])
        return [TEXTS["next_about"][tag].format(title=one.title) for one in newest if one.title]

    def _kept(self, talk: Talk, current: Exchange, owner: str) -> Talk:
        if current.answer is None:
            return talk
        stored = self.conversations.add(
            owner, talk.id, current.question, current.answer, was_stopped=current.was_stopped
        )
        return talk.ending(replace(current, id=stored.id), stored.conversation)


def messages(
    exchanges: Sequence[Exchange], tag: Language, earlier: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The conversation as the chatbot shows it; a finished last answer comes with questions to go on with.

    ``earlier`` are the messages of its first exchanges, if they are known.
    """
    shown = [*earlier]
    for exchange in exchanges[len(earlier) // MESSAGES_AN_EXCHANGE :]:
        shown.append({"role": "user", "content": exchange.question})
        shown.append({"role": "assistant", "content": gr.HTML(answer_html(exchange, tag), padding=False)})
    if exchanges and (options := suggested(exchanges[-1], tag)):
        shown[-1]["options"] = [{"value": question} for question in options]
    return shown


def suggested(exchange: Exchange, tag: Language) -> list[str]:
    """Questions about the articles near an answer that it does not cite."""
    answer = exchange.answer
    if answer is None or not answer.done:
        return []
    cited = {citation.article_id for citation in answer.citations}
    titles = [one.title for one in answer.nearest if one.title and one.article_id not in cited]
    return [TEXTS["next_about"][tag].format(title=title) for title in titles[:_N_SUGGESTED]]


def described(error: AssistantError, tag: Language) -> str:
    """An error in the reader's language, and on the next line in detail."""
    key = next((key for kind, key in _ERRORS.items() if isinstance(error, kind)), "failed")
    return f"{TEXTS[key][tag]}\n{' '.join(str(error).split())}"
