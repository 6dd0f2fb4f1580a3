"""What of a written sentence passes: figures of what it cites, and what its article says once for all of it."""

from datetime import date

import pytest

from assistant.core.archive import Archive
from assistant.core.embedding import Embedder
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.core.text import detect_language, sentence_spans
from assistant.question.understand import understand
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.scale import LanguageStats
from assistant.writing.verify import Verdict, verify

TEXT = (
    "정부가 2026년 상반기 결과를 7월 3일 발표했다. 인공지능 장비에는 연 150억 원이 든다. "
    "처음에는 480억 원을 제시했다가 300억으로 낮췄다. 국회는 2024년 12월에 예산을 심의했다. 부산시는 따로 12억 원을 냈다."
)
PILLARS = "정부 계획은 혁신과 기반 시설, 안보라는 세 기둥 위에 서 있다."
FINES = "구글에 692억 4100만 원, 메타에 308억 600만 원의 과징금을 부과했다."
ARTICLE = Article("a", "file:///a.txt", "인공지능 장비", TEXT, Language.KO, date(2026, 7, 4))


@pytest.fixture(scope="module")
def stats(samples: Archive) -> dict[Language, LanguageStats]:
    return dict(Retriever(samples, n_passages=3).retrieve(understand("인공지능 장비 예산")).stats)


def _verdict(
    embedder: Embedder, stats: dict[Language, LanguageStats], sentence: str, cited: int, question: str
) -> Verdict:
    spans = list(sentence_spans(TEXT))
    start, end = spans[cited]
    item = Evidence(ARTICLE, read_span(ARTICLE, start, end), vector=embedder.passages([TEXT[start:end]])[0])
    return verify(f"{sentence} [1]", [item], Language.KO, embedder, stats, question=question)


@pytest.mark.parametrize(
    ("sentence", "cited", "question"),
    [
        ("2026년 상반기 인공지능 장비에는 해마다 150억 원이 든다.", 1, ""),
        ("처음에 480억 원을 제시했다가 300억 원으로 낮췄다.", 2, ""),
        ("처음의 480억 원에서 300억으로 낮췄다.", 2, ""),
        ("2024년 12월에 부산시가 12억 원을 냈다.", 4, "2024년 12월에 부산시가 낸 돈은?"),
        (
            "480억 원을 제시했던 인공지능 장비에는 연 150억 원이 든다.",
            1,
            "480억 원을 제시했던 장비에는 해마다 얼마가 드나?",
        ),
    ],
)
def test_what_an_article_says_once_need_not_stand_in_the_span(
    embedder: Embedder, stats: dict[Language, LanguageStats], sentence: str, cited: int, question: str
) -> None:
    verdict = _verdict(embedder, stats, sentence, cited, question)
    assert verdict.why is None
    for figure, span, source in verdict.figures:
        assert span in verdict.cited
        assert figure.text
        assert source.text


def test_the_head_of_a_line_of_evidence_is_no_part_of_a_sentence(
    embedder: Embedder, stats: dict[Language, LanguageStats]
) -> None:
    verdict = _verdict(embedder, stats, "인공지능 장비 (2026-07-04) 부산시는 따로 12억 원을 냈다.", 4, "")
    assert (verdict.text, verdict.why) == ("부산시는 따로 12억 원을 냈다.", None)


@pytest.mark.parametrize(
    ("sentence", "cited", "question", "why"),
    [
        ("2025년 하반기 인공지능 장비에는 해마다 150억 원이 든다.", 1, "", "2025년 하반기"),
        ("인공지능 장비에는 매달 150억 원이 든다.", 1, "", "매달"),
        ("인공지능 장비에는 12억 원이 든다.", 1, "", "12억 원"),
        ("처음에 480억 원을 제시했다가 300억 달러로 낮췄다.", 2, "", "300억 달러"),
        ("2024년 12월에 인공지능 장비에 150억 원이 들었다.", 1, "", "2024년 12월"),
        ("대전의 인공지능 장비에는 연 150억 원이 든다.", 1, "대전의 장비에는 얼마가 드나?", "대전"),
    ],
)
def test_what_no_span_bears_is_held_back(
    embedder: Embedder,
    stats: dict[Language, LanguageStats],
    sentence: str,
    cited: int,
    question: str,
    why: str,
) -> None:
    assert why in (_verdict(embedder, stats, sentence, cited, question).why or "")


@pytest.mark.parametrize(
    ("span", "sentence", "is_shown"),
    [
        ("Nghị quyết được 441/479 đại biểu có mặt tán thành.", "The resolution received 441 votes.", True),
        ("Nghị quyết được 441/479 đại biểu có mặt tán thành.", "The resolution received 449 votes.", False),
        (
            "Con số đúng về doanh nghiệp được rót vốn là 38.",
            "The right number of companies funded is 38 companies.",
            True,
        ),
        (
            "Con số đúng về doanh nghiệp được rót vốn là 38.",
            "The right number of companies funded is 36 companies.",
            False,
        ),
        (
            "Gói thường 79.000 đồng/tháng, sinh viên 39.000.",
            "The student plan costs 39,000 dong a month.",
            True,
        ),
        ("Gói thường 79.000 đồng/tháng, 2 người.", "The plan for families costs 2 dong a month.", False),
        (
            "Mô hình Chòe 3 được huấn luyện trên 620 tỷ token.",
            "Chòe 3 was trained on 620 billion tokens.",
            True,
        ),
        (
            "Mô hình Chòe 3 được huấn luyện trên 620 tỷ token.",
            "Chòe 4 was trained on 620 billion tokens.",
            False,
        ),
        (
            "Mô hình Chòe 38 được huấn luyện trên 620 tỷ token.",
            "Chòe 3 was trained on 620 billion tokens.",
            False,
        ),
        (PILLARS, "The plan of the government has three pillars.", True),
        (PILLARS, "The plan of the government has four pillars.", False),
        (
            "젠슨 황의 베트남 방문은 2023년 12월 이후 처음이다.",
            "Jensen Huang's visit to Vietnam was the first visit since December 2023.",
            True,
        ),
        (
            "젠슨 황의 두 번째 베트남 방문은 2023년 12월이었다.",
            "Jensen Huang's first visit to Vietnam was in December 2023.",
            False,
        ),
        (FINES, "Google bị phạt 69,241 tỷ won, Meta 30,806 tỷ won.", True),
        (FINES, "Google bị phạt 692,41 tỷ won, Meta 30,806 tỷ won.", False),
    ],
)
def test_a_number_whose_unit_or_name_stands_elsewhere_is_still_checked(
    embedder: Embedder, stats: dict[Language, LanguageStats], span: str, sentence: str, *, is_shown: bool
) -> None:
    article = Article("v", "file:///v.txt", "", span, detect_language(span), date(2026, 7, 4))
    item = Evidence(article, read_span(article, 0, len(span)), vector=embedder.passages([span])[0])
    verdict = verify(f"{sentence} [1]", [item], detect_language(sentence), embedder, stats)
    assert (verdict.why is None) is is_shown, verdict.why
