"""LangChain's callbacks see a question as one run, with the language model's runs in it."""

from typing import Any
from uuid import UUID

import pytest
from fakes import ScriptedModel
from langchain_core.callbacks import BaseCallbackHandler

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.records import Answer
from assistant.core.settings import Settings


class Recorder(BaseCallbackHandler):
    """Keeps what it is told: name of the event, run, parent's run."""

    def __init__(self) -> None:
        self.events: list[tuple[str, UUID, UUID | None]] = []
        self.output: Any = None

    def on_chain_start(self, *_: Any, run_id: UUID, parent_run_id: UUID | None = None, **__: Any) -> None:
        self.events.append(("chain start", run_id, parent_run_id))

    def on_chain_end(
        self, outputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **__: Any
    ) -> None:
        self.events.append(("chain end", run_id, parent_run_id))
        self.output = outputs

    def on_chain_error(self, *_: Any, run_id: UUID, parent_run_id: UUID | None = None, **__: Any) -> None:
        self.events.append(("chain error", run_id, parent_run_id))

    def on_chat_model_start(
        self, *_: Any, run_id: UUID, parent_run_id: UUID | None = None, **__: Any
    ) -> None:
        self.events.append(("model start", run_id, parent_run_id))

    def on_llm_end(self, *_: Any, run_id: UUID, parent_run_id: UUID | None = None, **__: Any) -> None:
        self.events.append(("model end", run_id, parent_run_id))


def test_the_models_runs_are_within_the_questions_run(samples: Archive, settings: Settings) -> None:
    recorder = Recorder()
    pipeline = AnswerPipeline(samples, ScriptedModel(says="기사에서 답을 찾을 수 없습니다."), settings)
    answer = pipeline.invoke(Ask("과태료는 얼마인가?"), {"callbacks": [recorder]})
    (first, run, none), *within, last = recorder.events
    assert (first, none, last) == ("chain start", None, ("chain end", run, None))
    assert [name for name, _, _ in within][:2] == ["model start", "model end"]
    assert {parent for _, _, parent in within} == {run}
    assert isinstance(recorder.output, Answer)
    assert recorder.output == answer


def test_a_question_that_is_not_taken_ends_its_run_with_an_error(
    samples: Archive, settings: Settings
) -> None:
    recorder = Recorder()
    with pytest.raises(SettingsError):
        AnswerPipeline(samples, None, settings).invoke("가" * 3000, {"callbacks": [recorder]})
    assert [name for name, _, _ in recorder.events] == ["chain start", "chain error"]
