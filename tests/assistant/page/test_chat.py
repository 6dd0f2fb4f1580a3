from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import ScriptedModel

from assistant.access import Access, User
from assistant.answering.pipeline import MAX_QUESTION_CHARS, AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import StorageUnavailable
from assistant.core.languages import Language
from assistant.core.records import Answer, Filters
from assistant.core.settings import PageSettings, Settings
from assistant.page.chat import Chat, Talk, messages, suggested
from assistant.page.exchange import Exchange
from assistant.page.sidebar import filters_of
from assistant.page.texts import TEXTS

QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"
KO = Language.KO


@pytest.fixture
def user(request: pytest.FixtureRequest) -> User:
    return User(request.node.name)


@pytest.fixture
def chat(samples: Archive, settings: Settings, tmp_path: Path) -> Chat:
    return Chat(AnswerPipeline(samples, None, settings), samples, Access(PageSettings(), tmp_path))


def _asked(chat: Chat, talk: Talk, question: str, user: User) -> Talk:
    *_, talk = chat.answer(talk.plus(Exchange(question)), Filters(), KO, user)
    return talk


def test_a_finished_answer_is_kept_and_opened_again(chat: Chat, user: User) -> None:
    talk = _asked(chat, Talk(), QUESTION, user)
    assert talk.last
    assert talk.last.is_done
    again = chat.opened(user.owner, talk.id)
    assert [(one.question, one.id) for one in again.exchanges] == [(QUESTION, talk.last.id)]
    assert chat.opened("another", talk.id) == Talk()


def test_a_question_is_answered_once(chat: Chat, user: User) -> None:
    talk = _asked(chat, Talk(), QUESTION, user)
    assert list(chat.answer(talk, Filters(), KO, user)) == [talk]
    assert list(chat.answer(Talk(), Filters(), KO, user)) == [Talk()]


@pytest.mark.parametrize("tag", list(Language))
def test_a_question_that_cannot_be_asked_now_is_refused_with_the_reason(chat: Chat, tag: Language) -> None:
    busy = Talk((Exchange("?"),))
    assert chat.refusal("또?", busy, tag) == TEXTS["busy"][tag]
    long = "가" * (MAX_QUESTION_CHARS + 1)
    assert str(len(long)) in chat.refusal(long, Talk(), tag)
    assert chat.refusal("?", Talk((Exchange("?", error="x"),)), tag) == ""


def test_a_stopped_answer_keeps_what_was_shown_and_is_no_refusal(
    samples: Archive, settings: Settings, tmp_path: Path, user: User
) -> None:
    pipeline = AnswerPipeline(samples, ScriptedModel(says="모르겠습니다. " * 50), settings)
    chat = Chat(pipeline, samples, Access(PageSettings(), tmp_path))
    answering = chat.answer(Talk((Exchange(QUESTION),)), Filters(), KO, user)
    shown = next(now for now in answering if now.last and now.last.answer and now.last.answer.sentences)
    stopped = chat.stop(shown, user.owner)
    answering.close()  # type: ignore[attr-defined]
    assert stopped.last
    assert stopped.last.was_stopped
    assert not stopped.is_busy
    (kept,) = chat.opened(user.owner, stopped.id).exchanges
    assert kept.was_stopped
    assert chat.stop(stopped, user.owner) == stopped


def test_what_is_stopped_before_anything_is_found_is_not_kept(chat: Chat, user: User) -> None:
    stopped = chat.stop(Talk((Exchange(QUESTION),)), user.owner)
    assert stopped.last
    assert stopped.last.was_stopped
    assert chat.conversations.listed(user.owner) == []


def test_asking_again_forgets_that_answer_and_those_after_it(chat: Chat, user: User) -> None:
    talk = _asked(chat, Talk(), QUESTION, user)
    talk = _asked(chat, talk, "샤오미의 2024년 매출은?", user)
    again = chat.again(talk, user.owner, 0, "큐원3은 몇 개 언어를 지원하나?")
    assert [one.question for one in again.exchanges] == ["큐원3은 몇 개 언어를 지원하나?"]
    *_, again = chat.answer(again, Filters(), KO, user)
    assert [one.question for one in chat.opened(user.owner, talk.id).exchanges] == [
        "큐원3은 몇 개 언어를 지원하나?"
    ]


def test_a_question_asked_alone_does_not_lean_on_those_before(chat: Chat, user: User) -> None:
    talk = _asked(chat, Talk(), "샤오미의 2024년 매출은?", user)
    leaning = _asked(chat, talk, "그럼 바이두는?", user).last
    *_, alone = chat.answer(talk.plus(Exchange("그럼 바이두는?", is_alone=True)), Filters(), KO, user)
    assert leaning
    assert alone.last
    assert leaning.is_follow_up
    assert not alone.last.is_follow_up


def test_a_failure_is_told_in_the_readers_language_and_the_next_question_is_answered(
    samples: Archive, settings: Settings, tmp_path: Path, user: User
) -> None:
    class Failing(AnswerPipeline):
        def stream(self, *_: object, **__: object) -> Iterator[Answer]:
            raise StorageUnavailable("The disk of /data is full.")
            yield

    chat = Chat(Failing(samples, None, settings), samples, Access(PageSettings(), tmp_path))
    talk = _asked(chat, Talk(), QUESTION, user)
    assert talk.last
    assert talk.last.error == f"{TEXTS['error_storage'][KO]}\nThe disk of /data is full."
    assert chat.refusal("또?", talk, KO) == ""


def test_a_fault_of_the_program_ends_the_answer_and_not_the_conversation(
    samples: Archive, settings: Settings, tmp_path: Path, user: User
) -> None:
    class Broken(AnswerPipeline):
        def stream(self, *_: object, **__: object) -> Iterator[Answer]:
            raise KeyError("nowhere")
            yield

    chat = Chat(Broken(samples, None, settings), samples, Access(PageSettings(), tmp_path))
    talk = _asked(chat, Talk(), QUESTION, user)
    assert talk.last
    assert talk.last.error == TEXTS["failed"][KO]
    assert not talk.is_busy


def test_too_many_questions_are_refused(
    samples: Archive, settings: Settings, tmp_path: Path, user: User
) -> None:
    access = Access(PageSettings(questions_per_minute=1), tmp_path)
    chat = Chat(AnswerPipeline(samples, None, settings), samples, access)
    talk = _asked(chat, _asked(chat, Talk(), "?", user), QUESTION, user)
    assert talk.last
    assert talk.last.error == TEXTS["too_many"][KO]


def test_a_finished_answer_comes_with_questions_about_articles_near_it(chat: Chat, user: User) -> None:
    last = _asked(chat, Talk(), QUESTION, user).last
    assert last
    assert last.answer
    cited = {citation.title for citation in last.answer.citations}
    questions = suggested(last, KO)
    assert questions
    assert not [title for title in cited for question in questions if title in question]
    assert messages([last], KO)[-1]["options"] == [{"value": question} for question in questions]
    assert suggested(replace(last, answer=last.answer.with_changes(done=False)), KO) == []


def test_a_suggested_question_is_answered_from_the_article_that_it_names(chat: Chat, user: User) -> None:
    last = _asked(chat, Talk(), QUESTION, user).last
    assert last
    assert last.answer
    near = next(
        one
        for one in last.answer.nearest
        if one.article_id not in {c.article_id for c in last.answer.citations}
    )
    answer = chat.pipeline.invoke(suggested(last, KO)[0])
    assert near.article_id in {citation.article_id for citation in answer.citations}


def test_filters_are_read_and_what_cannot_be_read_is_named() -> None:
    found = filters_of(KO, ["ko", "vi"], ["신문"], "2025-01-01", " ")
    assert found == Filters((Language.KO, Language.VI), ("신문",), found.since, None)
    with pytest.raises(ValueError, match=r"2025-13-01"):
        filters_of(KO, [], [], "2025-13-01", "")
    with pytest.raises(ValueError, match=TEXTS["reversed_days"][KO]):
        filters_of(KO, [], [], "2025-02-01", "2025-01-01")


def test_while_an_answer_comes_the_earlier_ones_are_not_rendered_again() -> None:
    exchanges = [Exchange("첫 질문", error="아니다"), Exchange("다음 질문", error="아니다")]
    whole = messages(exchanges, KO)
    again = messages(exchanges, KO, whole[:-2])
    assert [one["role"] for one in again] == ["user", "assistant"] * 2
    assert again[1] is whole[1]
    assert again[3] is not whole[3]
