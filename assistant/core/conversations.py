"""Conversations: who asked what, the answer records, and how readers judged them."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, func, insert, or_, select, update

from assistant.core import schema
from assistant.core.database import Database, utc
from assistant.core.records import Answer

_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is listed; ``changed`` is when its last question was asked."""

    id: str
    title: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reader's judgement of an answer, with the figure that would be right."""

    is_right: bool
    reason: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A question with its finished answer; ``was_stopped`` says that the reader cut it short."""

    id: str
    conversation: str
    question: str
    answer: Answer
    asked: datetime
    was_stopped: bool = False
    judgement: Judgement | None = None


class Conversations:
    """The conversations of all owners. An owner is a user, or a browser if there is no login.

    Ids are random and not to be guessed: whoever has the id of an exchange may read it, but a conversation is
    listed, renamed and removed only by its owner.
    """

    def __init__(self, database: Database) -> None:
        self._begin, self._connect = database.begin, database.connect

    def add(
        self,
        owner: str,
        conversation: str | None,
        question: str,
        answer: Answer,
        *,
        was_stopped: bool = False,
    ) -> StoredExchange:
        """Add an exchange to the owner's conversation; None, or the id of one that is gone, starts a new one."""
        now, id_, into = datetime.now(UTC), secrets.token_urlsafe(16), schema.conversations.c
        with self._begin() as db:
            own = (into.id == conversation) & (into.owner == owner)
            if not db.execute(update(schema.conversations).where(own).values(changed=now)).rowcount:
                conversation, title = secrets.token_urlsafe(16), question[:_TITLE_CHARS]
                db.execute(
                    insert(schema.conversations).values(
                        id=conversation, owner=owner, title=title, changed=now
                    )
                )
            each = schema.exchanges.c
            last = select(func.max(each.number)).where(each.conversation == conversation)
            db.execute(
                insert(schema.exchanges).values(
                    id=id_,
                    conversation=conversation,
                    number=(db.execute(last).scalar() or 0) + 1,
                    question=question,
                    record=answer.to_json(),
                    asked=now,
                    stopped=was_stopped,
                )
            )
        return StoredExchange(id_, conversation or "", question, answer, now, was_stopped)

    def listed(self, owner: str, words: str = "") -> list[Conversation]:
        """The owner's conversations, latest first; with ``words``, those whose title, questions or answers contain them."""
        of, each = schema.conversations.c, schema.exchanges.c
        query = select(of.id, of.title, of.changed).where(of.owner == owner).order_by(of.changed.desc())
        if words:
            said = each.record["text"].as_string()
            found = select(each.conversation).where(
                or_(each.question.icontains(words, autoescape=True), said.icontains(words, autoescape=True))
            )
            query = query.where(of.title.icontains(words, autoescape=True) | of.id.in_(found))
        with self._connect() as db:
            return [Conversation(row.id, row.title, utc(row.changed)) for row in db.execute(query)]

    def exchanges(self, owner: str, conversation: str) -> list[StoredExchange]:
        """The exchanges of the owner's conversation, in order; none if it is not theirs."""
        each, of = schema.exchanges.c, schema.conversations.c
        query = (
            select(schema.exchanges)
            .join(schema.conversations, of.id == each.conversation)
            .where(of.owner == owner, of.id == conversation)
            .order_by(each.number)
        )
        with self._connect() as db:
            return [_exchange(row) for row in db.execute(query)]

    def exchange(self, id_: str) -> StoredExchange | None:
        """The exchange of this id, for whoever has it."""
        with self._connect() as db:
            row = db.execute(select(schema.exchanges).where(schema.exchanges.c.id == id_)).one_or_none()
        return _exchange(row) if row else None

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give the owner's conversation another title."""
        of = schema.conversations.c
        own = (of.id == conversation) & (of.owner == owner)
        with self._begin() as db:
            db.execute(update(schema.conversations).where(own).values(title=title))

    def remove(self, owner: str, conversation: str) -> None:
        """Delete the owner's conversation with its exchanges and their judgements."""
        of = schema.conversations.c
        with self._begin() as db:
            own = delete(schema.conversations).where(of.id == conversation, of.owner == owner)
            if db.execute(own).rowcount:
                db.execute(delete(schema.exchanges).where(schema.exchanges.c.conversation == conversation))

    def forget(self, owner: str, id_: str) -> None:
        """Delete an exchange of one of the owner's conversations."""
        own = select(schema.conversations.c.id).where(schema.conversations.c.owner == owner)
        each = schema.exchanges.c
        with self._begin() as db:
            db.execute(delete(schema.exchanges).where(each.id == id_, each.conversation.in_(own)))

    def judge(self, id_: str, judgement: Judgement) -> bool:
        """Store a reader's judgement of an answer, in place of an earlier one; False if there is no such answer."""
        values = {
            "is_right": judgement.is_right,
            "reason": judgement.reason,
            "correction": judgement.correction,
        }
        with self._begin() as db:
            found = db.execute(update(schema.exchanges).where(schema.exchanges.c.id == id_).values(**values))
        return found.rowcount > 0

    def judged(self) -> Iterator[StoredExchange]:
        """Every exchange that a reader has judged, oldest first."""
        each = schema.exchanges.c
        query = select(schema.exchanges).where(each.is_right.is_not(None)).order_by(each.asked)
        with self._connect() as db:
            yield from map(_exchange, db.execute(query))


@cache
def _answers() -> TypeAdapter[Answer]:
    """Reads records; building it at import would cost every command its time."""
    return TypeAdapter(Answer)


def _exchange(row: Row[Any]) -> StoredExchange:
    judgement = None if row.is_right is None else Judgement(row.is_right, row.reason, row.correction)
    answer = _answers().validate_python(row.record).with_changes(done=True)
    return StoredExchange(
        row.id, row.conversation, row.question, answer, utc(row.asked), row.stopped, judgement
    )
