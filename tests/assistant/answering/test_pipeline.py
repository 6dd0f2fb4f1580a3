"""The pipeline over the sample articles: with no model, and with models that lie, drift, fail and refuse."""

import re
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedModel
from langchain_core.language_models.chat_models import BaseChatModel
from promises import check_promises

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.answering.routes.overview import wants_overview
from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import SettingsError
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.languages import Language
from assistant.core.records import Answer, Filters, SentenceOutcome, Status, Turn
from assistant.core.settings import Settings
from assistant.core.text import detect_language
from assistant.langchain import NewsRetriever
from assistant.question.understand import understand
from assistant.reading.pool import Calibration, NoneWeights, Weights
from assistant.retrieval.retriever import Retriever
from ingest.ingester import Ingester
from ingest.sources import find_sources
from ingest.worker import Worker

SHARE_KO = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"
WHY_KO = "인공지능기본법에서 시민단체가 아쉬워하는 점은 무엇인가?"


EAGER = Calibration(figure=Weights(state_from=0.1))
"""States what is likeliest, so that what follows from a stated figure can be looked at."""
NEVER = Calibration()
"""States nothing."""
TRUSTING = Calibration("scripted", Weights(1, 6, 3, 0.5, 0.5), Weights(1, 6, 3, 0.3, 0.3), NoneWeights())
"""Believes the model, so that what is not shown of it is held back by the verification alone."""


def _ask(
    archive: Archive,
    settings: Settings,
    question: str,
    model: BaseChatModel | None = None,
    *,
    limits: Calibration | None = None,
    **rest: Any,
) -> Answer:
    answer = AnswerPipeline(archive, model, settings, limits).invoke(Ask(question, **rest))
    check_promises(answer, archive)
    return answer


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        (SHARE_KO, "17%"),
        ("인공지능기본법을 어기면 과태료는 얼마까지 부과되나?", "3000만 원 이하"),
        ("Các mô hình mới của Trung Quốc chiếm bao nhiêu phần trăm lượt tải xuống trong một năm qua?", "17%"),
    ],
)
def test_without_a_model_a_figure_is_answered_by_a_template(
    samples: Archive, settings: Settings, question: str, figure: str
) -> None:
    answer = _ask(samples, settings, question, limits=EAGER)
    assert answer.status is Status.ANSWERED
    assert answer.figure is not None
    assert answer.figure.rendered == figure
    assert [s.outcome for s in answer.sentences] == [SentenceOutcome.TEMPLATED]
    assert figure in answer.text


def test_without_a_model_other_questions_are_answered_by_quotations(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(samples, settings, WHY_KO)
    assert answer.status is Status.QUOTED
    assert {s.outcome for s in answer.sentences} == {SentenceOutcome.QUOTED}
    assert "금지되는 인공지능을 따로 정하지 않은 점" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "삼성전자의 2025년 AI 투자액은?",
        "Samsung đầu tư bao nhiêu tiền vào AI?",
        "How much did Tesla spend on AI chips?",
    ],
)
def test_of_a_name_that_no_article_has_nothing_is_stated(
    samples: Archive, settings: Settings, question: str
) -> None:
    answer = _ask(samples, settings, question)
    assert answer.status is not Status.ANSWERED
    assert {sentence.outcome for sentence in answer.sentences} <= {SentenceOutcome.QUOTED}
    assert answer.figure is None
    assert answer.sentences or detect_language(answer.text) is answer.language
    assert answer.nearest


def test_a_fact_that_the_named_articles_lack_is_refused_though_others_have_such_figures(
    samples: Archive, settings: Settings
) -> None:
    assert _ask(samples, settings, "큐원3의 월 구독료는 얼마인가?").status is Status.NO_EVIDENCE


def test_a_year_that_no_article_speaks_of_is_refused(samples: Archive, settings: Settings) -> None:
    assert _ask(samples, settings, "알리바바의 2012년 매출은 얼마인가?").status is Status.NO_EVIDENCE


@pytest.mark.parametrize(
    "lie",
    [
        "시민단체는 과태료가 9천만 원이라서 아쉽다고 말한다. [1]",
        "시민단체는 과태료가 3천만 위안이라서 아쉽다고 말한다. [1]",
        "시민단체는 금지되는 인공지능을 정하지 않은 점과 과태료가 구천만 원인 점을 아쉬운 대목으로 꼽는다. [1]",
        "시민단체는 금지되는 인공지능을 정하지 않은 점과 과태료가 절반인 점을 아쉬운 대목으로 꼽는다. [1]",
        "The civic groups regret the low fines. [1]",
        "시민단체는 罰金 액수가 낮다고 아쉬워한다. [1]",
        "오늘 서울에는 비가 내리고 바람이 붑니다. [1]",
        "바이두는 금지되는 인공지능을 따로 정하지 않은 점과 과태료 액수가 낮은 점을 아쉬운 대목으로 꼽는다. [1]",
        "시민단체는 제99조에서 금지되는 인공지능을 따로 정하지 않은 점과 과태료 액수가 낮은 점을 아쉬운 대목으로 꼽는다. [1]",
        "[1]",
        "",
        "아쉬운 점은 다음과 같다:",
    ],
)
def test_what_a_lying_model_writes_is_not_shown(samples: Archive, settings: Settings, lie: str) -> None:
    answer = _ask(samples, settings, WHY_KO, ScriptedModel(says=lie), limits=TRUSTING)
    assert answer.status is Status.QUOTED
    assert {s.outcome for s in answer.sentences} == {SentenceOutcome.QUOTED}
    assert answer.dropped or answer.trace == ("the language model wrote nothing",)


def test_a_lying_model_does_not_displace_the_chosen_figure(samples: Archive, settings: Settings) -> None:
    answer = _ask(
        samples,
        settings,
        SHARE_KO,
        ScriptedModel(says="중국산 신규 AI 모델의 다운로드 비중은 71%였다. [1]"),
        limits=TRUSTING,
    )
    assert "17%" in answer.text
    assert "71%" not in answer.text
    assert any("figure 71%" in d.why for d in answer.dropped)


def test_a_true_sentence_is_shown_and_cited_by_code_whatever_number_the_model_gave(
    samples: Archive, settings: Settings
) -> None:
    true = (
        "시민단체는 금지되는 인공지능을 따로 정하지 않은 점과 과태료 액수가 낮은 점을 아쉬운 대목으로 꼽는다."
    )
    for marker in ("", " [1]", " [9]", " [2][3]"):
        answer = _ask(samples, settings, WHY_KO, ScriptedModel(says=true + marker), limits=TRUSTING)
        assert [(s.text, s.outcome) for s in answer.sentences] == [(true, SentenceOutcome.VERIFIED)]
        assert any("금지되는 인공지능을 따로 정하지 않은 점" in c.quote for c in answer.citations)


def test_a_model_is_told_once_what_is_wrong_and_may_mend_it(samples: Archive, settings: Settings) -> None:
    lie = "시민단체는 과태료가 9천만 원이라서 아쉽다고 말한다. [1]"
    true = (
        "시민단체는 금지되는 인공지능을 따로 정하지 않은 점과 과태료 액수가 낮은 점을 아쉬운 대목으로 꼽는다."
    )
    answer = _ask(samples, settings, WHY_KO, ScriptedModel(says=lie, then=true), limits=TRUSTING)
    assert [(s.text, s.outcome) for s in answer.sentences] == [(true, SentenceOutcome.REPAIRED)]
    assert "9천만" in answer.dropped[0].why
    assert (
        _ask(samples, settings, WHY_KO, ScriptedModel(says=lie, then=lie), limits=TRUSTING).status
        is Status.QUOTED
    )


def test_a_models_sentence_takes_the_place_of_the_template(samples: Archive, settings: Settings) -> None:
    says = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은 17%였습니다. [1]"
    (sentence,) = _ask(samples, settings, SHARE_KO, ScriptedModel(says=says), limits=TRUSTING).sentences
    assert sentence.text == says.removesuffix(" [1]")
    assert sentence.outcome is SentenceOutcome.VERIFIED


def test_the_pool_weighs_what_the_model_says_against_the_measures(
    samples: Archive, settings: Settings
) -> None:
    found = _ask(samples, settings, SHARE_KO, limits=EAGER)
    assert found.figure is not None
    just_above = Calibration("scripted", Weights(1, 2, 0, min(found.figure.confidence + 0.001, 1)), Weights())
    for share, status in (("17%", Status.ANSWERED), ("15.8%", Status.QUOTED)):
        model = ScriptedModel(says=f"최근 1년간 다운로드 비중은 {share}였습니다. [1]")
        assert _ask(samples, settings, SHARE_KO, model, limits=just_above).status is status


def test_one_figure_is_not_compared_with_itself(samples: Archive, settings: Settings) -> None:
    answer = _ask(samples, settings, "Tháng 9/2022, Google hay Meta bị Hàn Quốc phạt nặng hơn?", limits=EAGER)
    assert "Bằng nhau" not in answer.text


def test_figures_are_not_compared_where_one_is_revenue_and_the_other_spending(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(
        samples,
        settings,
        "Does Baidu or Xiaomi spend more on AI a year, and how much is each spending?",
        limits=EAGER,
    )
    assert "larger" not in answer.text
    question = "Giữa Xiaomi với Baidu thì bên nào chi cho nghiên cứu AI mỗi năm nhiều hơn?"
    assert "khoảng 2 tỷ USD; Baidu: khoảng 3 tỷ USD" in _ask(samples, settings, question, limits=EAGER).text


def test_of_two_things_that_are_not_sure_enough_to_compare_none_is_stated(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(samples, settings, "Tháng 9/2022, Google hay Meta bị Hàn Quốc phạt nặng hơn?", limits=NEVER)
    assert answer.status is Status.QUOTED
    assert answer.figure is None
    assert answer.text.startswith("Chưa chắc chắn.")


def test_a_figure_is_stated_from_the_limit_on_and_quoted_below_it(
    samples: Archive, settings: Settings
) -> None:
    found = _ask(samples, settings, SHARE_KO, limits=EAGER)
    assert found.figure is not None
    for change, status in ((0.0, Status.ANSWERED), (0.001, Status.QUOTED)):
        limits = Calibration(figure=Weights(state_from=found.figure.confidence + change))
        assert _ask(samples, settings, SHARE_KO, limits=limits).status is status
    unsure = _ask(samples, settings, SHARE_KO, limits=NEVER)
    assert unsure.text.startswith("확실하지 않습니다.")
    assert "17%" in unsure.text
    assert len(unsure.citations) == 2


def test_a_reason_asked_for_after_a_figure_is_not_answered_by_the_figure(
    samples: Archive, settings: Settings
) -> None:
    history = (Turn("user", "메타 과징금 얼마?"), Turn("assistant", "216억 1300만 원입니다. [1]"))
    answer = _ask(samples, settings, "왜 부과됐어?", history=history)
    assert answer.figure is None
    assert answer.status in (Status.QUOTED, Status.NO_EVIDENCE)


def test_a_question_is_refused_from_the_limit_on(samples: Archive, settings: Settings) -> None:
    assert (
        _ask(samples, settings, SHARE_KO, limits=Calibration(none=NoneWeights(refuse_from=0))).status
        is Status.NO_EVIDENCE
    )


def test_a_correction_outranks_what_it_corrects(samples: Archive, settings: Settings) -> None:
    answer = _ask(
        samples, settings, "중국 과학기술 예산 3981억 위안은 우리 돈으로 얼마가 맞나요?", limits=EAGER
    )
    assert answer.figure is not None
    assert answer.figure.rendered == "약 76조 8960억 원"
    (conflict,) = answer.disagreements
    assert [claim.text for claim in conflict.figures] == ["약 76조 8960억 원", "7조 6896억 원"]
    assert "2025-05-12" in conflict.about


def test_two_rhythms_that_both_articles_name_are_no_disagreement(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(
        samples, settings, "Các công ty Trung Quốc bao lâu lại tung ra mô hình mới một lần?", limits=EAGER
    )
    assert answer.figure is not None
    assert answer.disagreements == ()


@pytest.mark.parametrize(
    ("question", "words", "n_articles"),
    [
        ("딥시크 관련 소식을 요약해 줘", "딥시크|DeepSeek", 3),
        ("Tổng hợp tin về Xiaomi", "Xiaomi|샤오미", 3),
        ("Summarise the news on DeepSeek", "딥시크|DeepSeek", 3),
        ("Nghị quyết 57 có gì mới?", "Nghị quyết|nghị quyết", 1),
    ],
)
def test_a_topic_is_told_from_every_article_that_tells_of_it_oldest_first(
    samples: Archive, settings: Settings, question: str, words: str, n_articles: int
) -> None:
    answer = _ask(samples, settings, question)
    days = [citation.published for citation in answer.citations]
    assert days == sorted(days)
    assert len({citation.article_id for citation in answer.citations}) >= n_articles
    assert len(answer.sentences) >= 3
    assert all(re.search(words, citation.quote) for citation in answer.citations if n_articles > 1)


def test_a_follow_up_is_not_answered_by_the_figure_already_given(
    samples: Archive, settings: Settings
) -> None:
    history = (
        Turn("user", "EU AI법에서 범용 모델 의무는 언제부터 적용되나?"),
        Turn("assistant", "2025년 8월 2일부터 적용됩니다. [1]"),
    )
    answer = _ask(samples, settings, "나머지 조항 대부분은 언제부터야?", history=history, limits=EAGER)
    assert answer.figure
    assert answer.figure.text == "2026년 8월 2일"


def test_what_changed_is_answered_by_the_new_figure_and_the_sentences_around_it(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(samples, settings, "What changed in the AI budget for 2026 compared with this year?")
    assert "10조 1000억 원" in " ".join(citation.quote for citation in answer.citations)
    assert len([sentence for sentence in answer.sentences if sentence.outcome is SentenceOutcome.QUOTED]) >= 2


def test_a_summary_that_an_article_speaks_of_is_no_wish_for_one() -> None:
    asked = [
        "Theo bảng tóm tắt, quỹ trị giá bao nhiêu won?",
        "요약표에 적힌 금액은?",
        "What does the summary table give?",
    ]
    assert not any(wants_overview(understand(question)) for question in asked)
    assert wants_overview(understand("Tóm tắt tin về quỹ"))


@pytest.mark.parametrize(
    "question",
    ["What is new in nuclear fusion?", "핵융합 연구 동향을 요약해 줘", "Tóm tắt tin về tổng hợp hạt nhân"],
)
def test_a_topic_that_no_article_tells_of_is_refused(
    samples: Archive, settings: Settings, question: str
) -> None:
    assert _ask(samples, settings, question).status is Status.NO_EVIDENCE


def test_articles_that_differ_are_shown_side_by_side(samples: Archive, settings: Settings) -> None:
    answer = _ask(
        samples, settings, "value in won of China's dedicated AI-only fund (60bn yuan)", limits=EAGER
    )
    (conflict,) = answer.disagreements
    assert {claim.text for claim in conflict.figures} >= {"1 nghìn tỷ won", "1조 1590억 원"}
    for claim in conflict.figures:
        assert claim.text in answer.citations[claim.citation - 1].quote


def test_conversions_of_one_article_that_do_not_add_up_are_shown(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(samples, settings, "양회에서 발표한 과학기술 예산은 얼마인가?", limits=EAGER)
    assert answer.figure is not None
    assert answer.figure.rendered == "3981억 위안"
    assert any("맞지 않습니다" in conflict.about for conflict in answer.disagreements)


def test_a_model_that_repeats_itself_is_heard_once(samples: Archive, settings: Settings) -> None:
    true = "시민단체는 금지되는 인공지능을 따로 정하지 않은 점과 과태료 액수가 낮은 점을 아쉬운 대목으로 꼽는다. [1] "
    assert len(_ask(samples, settings, WHY_KO, ScriptedModel(says=true * 50), limits=TRUSTING).sentences) == 1


def test_where_a_model_refuses_the_nearest_is_quoted(samples: Archive, settings: Settings) -> None:
    refusing = ScriptedModel(says="제공된 기사에는 이 질문에 대한 답이 없습니다.")
    assert _ask(samples, settings, WHY_KO, refusing, limits=TRUSTING).status is Status.QUOTED
    assert "17%" in _ask(samples, settings, SHARE_KO, refusing, limits=TRUSTING).text


def test_a_model_that_fails_leaves_figure_or_quotation(samples: Archive, settings: Settings) -> None:
    failing = ScriptedModel(says="시민", fails=True)
    answer = _ask(samples, settings, WHY_KO, failing, limits=TRUSTING)
    assert answer.status is Status.QUOTED
    assert any("the server went away" in step for step in answer.trace)
    assert "17%" in _ask(samples, settings, SHARE_KO, failing, limits=TRUSTING).text


def test_the_nearest_is_quoted_at_once_and_the_figure_shown_before_the_model_says_a_word(
    samples: Archive, settings: Settings
) -> None:
    snapshots = AnswerPipeline(samples, ScriptedModel(says="17%."), settings).stream(Ask(SHARE_KO))
    first, second = next(snapshots), next(snapshots)
    assert first.nearest
    assert [sentence.outcome for sentence in first.sentences] == [SentenceOutcome.QUOTED]
    assert second.figure is not None
    assert second.citations[0].quote
    assert not second.done


def test_filters_restrict_the_answer(samples: Archive, settings: Settings) -> None:
    answer = _ask(samples, settings, SHARE_KO, filters=Filters(languages=(Language.VI,)))
    assert {c.language for c in answer.citations} == {"vi"}
    nothing = _ask(samples, settings, SHARE_KO, filters=Filters(publishers=("Nobody",)))
    assert nothing.status is Status.NO_EVIDENCE


@pytest.mark.parametrize("question", ["가" * 2001, "점유율은 \ud83d?"])
def test_an_endless_or_broken_question_is_refused_in_words(
    samples: Archive, settings: Settings, question: str
) -> None:
    with pytest.raises(SettingsError, match="question"):
        AnswerPipeline(samples, None, settings).invoke(Ask(question))


def test_the_retriever_serves_other_langchain_programs(samples: Archive) -> None:
    retriever = NewsRetriever(retriever=Retriever(samples, n_passages=3))
    documents = retriever.invoke(SHARE_KO)
    assert len(documents) == 3
    texts = {a.id: a.text for a in samples.store.articles()}
    for document in documents:
        found = document.metadata
        assert texts[found["article_id"]][found["start"] : found["end"]] == document.page_content


def test_a_small_context_still_answers(samples: Archive, settings: Settings) -> None:
    small = settings.model_copy(update={"llm": settings.llm.model_copy(update={"context_tokens": 1024})})
    assert "17%" in _ask(samples, small, SHARE_KO).text


def test_an_archive_of_one_short_article_answers_and_refuses(
    tmp_path: Path, embedder: Embedder, settings: Settings
) -> None:
    fingerprint = Fingerprint(embedder.identity, "1")
    store = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    archive = Archive(store, embedder, EdgeIndex(tmp_path / "index", fingerprint), fingerprint)
    assert _ask(archive, settings, "연구소의 예산은 얼마인가?").status is Status.NO_EVIDENCE
    (tmp_path / "a.txt").write_text("제목\n얼룩말 연구소의 예산은 420억 원이다.")
    assert [
        r.reason
        for r in Ingester(store, Worker(store, embedder).work).add(find_sources([str(tmp_path / "a.txt")]))
    ] == [None]
    archive.synchronise()
    assert "420억 원" in _ask(archive, settings, "얼룩말 연구소의 예산은 얼마인가?").text
    assert _ask(archive, settings, "삼성전자의 예산은 얼마인가?").status is Status.NO_EVIDENCE
    archive.close()


def test_days_named_in_a_question_leave_older_articles_out_and_the_nearest_of_them_are_named(
    samples: Archive, settings: Settings
) -> None:
    answer = _ask(samples, settings, f"지난달 {SHARE_KO}")  # the samples are older
    assert answer.status is Status.NO_EVIDENCE
    assert answer.period is not None
    assert answer.nearest
    assert answer.to_json()["period"]["until"] is None


def test_a_story_told_twice_counts_once(tmp_path: Path, embedder: Embedder) -> None:
    text = (
        "정부는 인공지능 예산을 {} 3조 원으로 정했다고 밝혔다. 지난해보다 두 배 많은 금액이다. "
        "국회는 다음 달 예산안을 심의한다.\n"
    )
    for n, word in enumerate(("총", "모두")):
        (tmp_path / f"{n}.md").write_text(
            f"---\ntitle: 인공지능 예산 3조 원\ndate: 2026-01-0{n + 1}\n---\n{text.format(word)}"
        )
    fingerprint = Fingerprint(embedder.identity, "1")
    store = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    archive = Archive(store, embedder, EdgeIndex(tmp_path / "index", fingerprint), fingerprint)
    files = [str(file) for file in tmp_path.glob("*.md")]
    assert [r.reason for r in Ingester(store, Worker(store, embedder).work).add(find_sources(files))] == [
        None,
        None,
    ]
    archive.synchronise()
    hits = Retriever(archive, n_passages=8).retrieve(understand("인공지능 예산은 얼마인가?")).hits
    assert len({hit.article.story_id for hit in hits}) == len(hits) == 1
    archive.close()
