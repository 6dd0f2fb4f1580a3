"""The main job with every part real: the three real articles, the embedder, the index and the 1.5B model."""

import pytest
from langchain_core.language_models.chat_models import BaseChatModel

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.records import Answer, SentenceOutcome, Status
from assistant.core.settings import Settings
from assistant.core.text import detect_language

pytestmark = [pytest.mark.model, pytest.mark.articles]


def _ask(real: tuple[Settings, Archive], model: BaseChatModel, question: str) -> Answer:
    settings, archive = real
    return AnswerPipeline(archive, model, settings).invoke(Ask(question))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("지난 1년간 중국산 신규 AI 모델의 다운로드 점유율은?", "ko"),
        ("Thị phần tải xuống của các mô hình AI mới của Trung Quốc trong một năm qua là bao nhiêu?", "vi"),
        ("What download share did new Chinese AI models reach over the past year?", "en"),
    ],
)
def test_the_download_share_is_shown_with_its_sentence(
    real: tuple[Settings, Archive], model: BaseChatModel, question: str, language: str
) -> None:
    """Stated in the question's language where that is sure enough, else quoted as not sure."""
    answer = _ask(real, model, question)
    assert answer.status in {Status.ANSWERED, Status.QUOTED}
    assert answer.language == language
    assert answer.status is Status.QUOTED or detect_language(answer.text) == language
    sentence = next(s for s in answer.sentences if "17%" in s.text)
    cited = answer.citations[sentence.citations[0] - 1]
    assert "003_" in cited.url
    assert "17%" in cited.quote


def test_of_a_company_that_the_articles_do_not_name_nothing_is_stated(
    real: tuple[Settings, Archive], model: BaseChatModel
) -> None:
    answer = _ask(real, model, "삼성전자의 2025년 AI 투자액은?")
    assert answer.status in {Status.NO_EVIDENCE, Status.QUOTED}
    assert answer.figure is None
    assert {sentence.outcome for sentence in answer.sentences} <= {SentenceOutcome.QUOTED}


def test_the_model_words_a_narrative_answer_from_the_articles(
    real: tuple[Settings, Archive], model: BaseChatModel
) -> None:
    answer = _ask(real, model, "미국 빅테크가 폐쇄형을 고집하는 이유는?")
    assert answer.status in {Status.ANSWERED, Status.QUOTED}
    assert "지적재산권" in "".join(c.quote for c in answer.citations)
    assert answer.engine["model"].startswith("embedded:")
