"""The main job with every part real: the three real articles, the embedder, the index and the 1.5B model."""

import pytest
from langchain_core.language_models.chat_models import BaseChatModel

from assistant.answer import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.records import Answer, Status
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
def test_the_download_share_is_17_percent_cited_to_its_sentence(
    real: tuple[Settings, Archive], model: BaseChatModel, question: str, language: str
) -> None:
    answer = _ask(real, model, question)
    assert answer.status is Status.ANSWERED
    assert answer.language == language
    assert "17%" in answer.text
    assert detect_language(answer.text) == language
    (sentence,) = (s for s in answer.sentences if "17%" in s.text)
    cited = answer.citations[sentence.citations[0] - 1]
    assert "003_" in cited.url
    assert cited.quote.startswith("파이낸셜 타임스(FT)는 26일")
    assert "점유율이 17%로" in cited.quote


def test_a_company_the_articles_do_not_name_is_refused(real: tuple[Settings, Archive], model: BaseChatModel) -> None:
    answer = _ask(real, model, "삼성전자의 2025년 AI 투자액은?")
    assert answer.status is Status.NO_EVIDENCE
    assert answer.text == "제공된 기사에는 이 질문에 대한 답이 없습니다."
    assert answer.nearest


def test_the_model_words_a_narrative_answer_from_the_articles(real: tuple[Settings, Archive], model: BaseChatModel) -> None:
    answer = _ask(real, model, "미국 빅테크가 폐쇄형을 고집하는 이유는?")
    assert answer.status in {Status.ANSWERED, Status.QUOTED}
    assert "지적재산권" in "".join(c.quote for c in answer.citations)
    assert answer.engine["model"].startswith("embedded:")
