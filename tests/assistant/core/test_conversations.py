from collections.abc import Iterator

import pytest

from assistant.core.articles import ArticleStore
from assistant.core.conversations import Conversations, Judgement
from assistant.core.languages import Language
from assistant.core.records import Answer, Citation, Sentence, SentenceOutcome, Status, StoryMember

CITATION = Citation(
    *(1, "a", "제목", "신문", "2025-11-27", "ko", "https://news.example/a", "점유율은 17%다.", 3, 14, "a"),
    others=(StoryMember("b", "Tiêu đề", "Báo", "vi", "translation", "https://bao.example/b"),),
)
ANSWER = Answer(
    "점유율은?",
    Language.KO,
    Status.QUOTED,
    text="점유율은 17%다. [1]",
    sentences=(Sentence("점유율은 17%다.", (1,), SentenceOutcome.QUOTED),),
    citations=(CITATION,),
    timings_ms={"total": 12},
    done=True,
)


@pytest.fixture
def conversations(database_url: str) -> Iterator[Conversations]:
    store = ArticleStore(database_url)
    yield store.conversations
    store.close()


def test_a_stored_answer_is_the_answer_that_was_given(conversations: Conversations) -> None:
    stored = conversations.add("kim", None, "점유율은?", ANSWER, was_stopped=True)
    (found,) = conversations.exchanges("kim", stored.conversation)
    assert found == conversations.exchange(stored.id) == stored
    assert found.answer.with_changes(standalone="") == ANSWER
    assert found.was_stopped


def test_questions_go_on_in_order_and_the_latest_conversation_comes_first(
    conversations: Conversations,
) -> None:
    first = conversations.add("kim", None, "하나?", ANSWER).conversation
    second = conversations.add("kim", None, "둘?", ANSWER).conversation
    conversations.add("kim", first, "셋?", ANSWER)
    assert [one.question for one in conversations.exchanges("kim", first)] == ["하나?", "셋?"]
    assert [(one.id, one.title) for one in conversations.listed("kim")] == [(first, "하나?"), (second, "둘?")]


def test_nobody_lists_reads_renames_or_removes_anothers_conversation(conversations: Conversations) -> None:
    stored = conversations.add("kim", None, "점유율은?", ANSWER)
    conversations.rename("lan", stored.conversation, "mine")
    conversations.remove("lan", stored.conversation)
    conversations.forget("lan", stored.id)
    other = conversations.add("lan", stored.conversation, "또?", ANSWER)
    assert other.conversation != stored.conversation
    assert conversations.exchanges("lan", stored.conversation) == []
    assert [one.title for one in conversations.listed("kim")] == ["점유율은?"]
    assert conversations.exchanges("kim", stored.conversation) == [stored]


@pytest.mark.parametrize("words", ["점유", "17%다", "이름"])
def test_a_conversation_is_found_by_title_question_or_answer(
    conversations: Conversations, words: str
) -> None:
    wanted = conversations.add("kim", None, "점유율은?", ANSWER).conversation
    conversations.rename("kim", wanted, "새 이름")
    conversations.add("kim", None, "other", ANSWER.with_changes(text="nothing"))
    assert [one.id for one in conversations.listed("kim", words)] == [wanted]
    assert conversations.listed("kim", "100%") == []


def test_removing_a_conversation_removes_its_answers(conversations: Conversations) -> None:
    stored = conversations.add("kim", None, "점유율은?", ANSWER)
    conversations.remove("kim", stored.conversation)
    assert conversations.listed("kim") == []
    assert conversations.exchange(stored.id) is None


def test_a_judgement_replaces_the_earlier_one_and_an_unknown_answer_is_told(
    conversations: Conversations,
) -> None:
    stored = conversations.add("kim", None, "점유율은?", ANSWER)
    conversations.add("kim", None, "또?", ANSWER)
    wrong = Judgement(is_right=False, reason="wrong_figure", correction="71%")
    assert conversations.judge(stored.id, Judgement(is_right=True))
    assert conversations.judge(stored.id, wrong)
    assert not conversations.judge("nothing", wrong)
    assert [(one.id, one.judgement) for one in conversations.judged()] == [(stored.id, wrong)]
