"""A quotation from another language comes with a translation, if its figures and names agree with the quotation's."""

from collections.abc import Iterator
from typing import Any

import pytest
from fakes import ScriptedModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.records import SentenceOutcome, Stage
from assistant.core.settings import AnswerSettings, Settings

QUESTION = "베트남이 목표로 하는 AI 기업 수는?"
TRUE = "2025년까지 베트남은 인공지능 연구, 개발, 응용에서 아세안 상위 5개국과 세계 상위 60개국에 든다."


class Translating(ScriptedModel):
    """Refuses every question, and gives the same translation of everything."""

    translation: str

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        is_translation = "번역가" in str(messages[0].content)
        self.says = self.translation if is_translation else "제공된 기사에는 이 질문에 대한 답이 없습니다."
        yield from super()._stream(messages, stop, run_manager, **kwargs)


def _pipeline(samples: Archive, settings: Settings, translation: str) -> AnswerPipeline:
    return AnswerPipeline(samples, Translating(translation=translation), settings)


def test_a_true_translation_is_shown_beside_its_quotation(samples: Archive, settings: Settings) -> None:
    pipeline = _pipeline(samples, settings, TRUE)
    *_, before, answer = pipeline.stream(QUESTION)
    assert before.progress
    assert before.progress.stage is Stage.TRANSLATING
    (translated,) = [sentence for sentence in answer.sentences if sentence.translation]
    assert translated.translation == TRUE
    assert translated.outcome is SentenceOutcome.QUOTED
    assert "nhóm 60 nước" in answer.citations[translated.citations[0] - 1].quote
    assert TRUE not in answer.text


@pytest.mark.parametrize(
    ("false", "why"),
    [
        (TRUE.replace("60", "16"), "figure"),
        (TRUE.replace("과 세계 상위 60개국", ""), "a figure is missing"),
        (TRUE.replace("베트남", "인도네시아"), "name"),
        ("Bản dịch này vẫn bằng tiếng Việt về trí tuệ nhân tạo.", "not a sentence"),
    ],
)
def test_a_translation_that_says_something_else_is_not_shown(
    samples: Archive, settings: Settings, false: str, why: str
) -> None:
    answer = _pipeline(samples, settings, false).invoke(QUESTION)
    assert not any(sentence.translation for sentence in answer.sentences)
    assert [step for step in answer.trace if "a translation is not shown" in step and why in step], (
        answer.trace
    )


def test_what_is_in_the_readers_language_or_unwanted_is_not_translated(
    samples: Archive, settings: Settings
) -> None:
    unwanted = settings.model_copy(update={"answer": AnswerSettings(translate=False)})
    for one, question in ((settings, "Doanh thu năm 2024 của Xiaomi là bao nhiêu?"), (unwanted, QUESTION)):
        model = Translating(translation=TRUE)
        answer = AnswerPipeline(samples, model, one).invoke(question)
        assert answer.sentences
        assert not any("번역가" in asked for asked in model.asked)
