"""What the product is compared with: each on its own real parts, with a model that says what the test wants."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedModel

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.settings import Settings
from assistant.core.spans import read_span
from eval.dataset.cases import Case, load_cases
from eval.measures.metrics import judgements
from eval.report.report import systems_table
from eval.runs import run_cases
from eval.systems.peer_records import located, written_record
from eval.systems.peers import peers
from eval.systems.product import QuotationOnly
from eval.systems.timed import TimedModel

ARTICLE = Article(
    "a", "file:///ko/a.md", "제목", "중국 모델의 점유율은 17%였다. 미국은 15.8%였다.", Language.KO
)
SOURCES = [Evidence(ARTICLE, read_span(ARTICLE, *place)) for place in ((0, 18), (19, 30))]


@pytest.fixture(scope="module")
def case() -> Case:
    return next(case for case in load_cases() if case.id == "ko-ko-share")


def test_a_peers_numbers_are_those_of_its_sources_and_a_lone_number_belongs_to_the_sentence_before() -> None:
    text = "점유율은 17%입니다 [1]. 미국은 15.8%입니다. [Source 2]"
    record = written_record("점유율은?", text, SOURCES, 0.0, is_marked=True)
    assert record["status"] == "answered"
    assert [(s["text"], s["citations"]) for s in record["sentences"]] == [
        ("점유율은 17%입니다.", [1]),
        ("미국은 15.8%입니다.", [2]),
    ]
    assert [figure["value"] for s in record["sentences"] for figure in s["figures"]] == ["17", "15.8"]
    assert [citation["quote"] for citation in record["citations"]] == [source.quote for source in SOURCES]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The share was 17%. [1] The US had 15.8%. [2]", [[1], [2]]),
        ("According to Source 1, the share was 17%. Theo nguồn 2, 15,8%.", [[1], [2]]),
        ("소스 1에 따르면 17%입니다. 미국은 15.8%입니다 [1 and 2].", [[1], [1, 2]]),
    ],
)
def test_a_peers_ways_of_naming_a_source_are_read_and_are_no_figures(
    text: str, numbers: list[list[int]]
) -> None:
    record = written_record("점유율은?", text, SOURCES, 0.0, is_marked=True)
    assert [sentence["citations"] for sentence in record["sentences"]] == numbers
    assert [len(sentence["figures"]) for sentence in record["sentences"]] == [1, 1]


def test_a_source_that_stands_in_no_article_keeps_its_number_and_is_none() -> None:
    record = written_record("점유율은?", "17%입니다 [2].", [None, SOURCES[0]], 0.0, is_marked=True)
    assert [citation["n"] for citation in record["citations"]] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "Open-weight models do not include the training code.",
        "이 모델은 학습 자료와 코드는 내놓지 않는 방식입니다.",
    ],
)
def test_an_answer_that_says_what_something_lacks_is_no_refusal(text: str) -> None:
    assert written_record("오픈 웨이트 모델은?", text, SOURCES, 0.0, is_marked=True)["status"] == "answered"


def test_a_refusal_may_name_the_figure_that_was_asked_about() -> None:
    record = written_record(
        "What is planned for 2027?", "I don't know the plan for 2027.", SOURCES, 0.0, is_marked=True
    )
    assert record["status"] == "no_evidence"


def test_a_peer_that_writes_no_numbers_cites_all_of_its_sources() -> None:
    record = written_record("점유율은?", "점유율은 17%입니다.", SOURCES, 0.0, is_marked=False)
    assert record["sentences"][0]["citations"] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "제공된 자료에는 그 정보가 없습니다.",
        "Tôi không biết.",
        "The sources do not mention Samsung.",
        "",
    ],
)
def test_a_peer_that_says_that_it_does_not_know_has_refused(text: str) -> None:
    record = written_record("점유율은?", text, SOURCES, 0.0, is_marked=True)
    assert (record["status"], record["sentences"], record["citations"]) == ("no_evidence", [], [])


def test_a_chunk_is_found_in_its_article_or_is_no_source() -> None:
    found = located(ARTICLE, " 미국은 15.8%였다.\n")
    assert found is not None
    assert found.quote == "미국은 15.8%였다."
    assert located(ARTICLE, "미국은 15.9%였다.") is None
    assert located(ARTICLE, " ") is None


def test_every_peer_answers_from_spans_that_stand_in_the_articles(
    samples: Archive, settings: Settings, case: Case, tmp_path: Path
) -> None:
    model: Any = ScriptedModel(says="비중은 17%였다. [1]")
    pipeline = AnswerPipeline(samples, TimedModel(model=model), settings)
    systems = peers(samples, pipeline, settings.llm)
    assert list(systems) == ["this", "LangChain", "LlamaIndex", "quotations"]
    texts = {article.id: article.text for article in samples.store.articles()}
    judged = {}
    for name, system in systems.items():
        (row,) = run_cases(system, [case], tmp_path / f"{name}.jsonl", {})
        citations = row["answer"]["citations"]
        assert citations
        assert all(texts[c["article_id"]][c["start"] : c["end"]] == c["quote"] for c in citations)
        assert row["gold_rank"] is not None
        judged[name] = judgements([case], [row])
        assert judged[name][0].marks["figure_shown"] == 1.0
    assert judged["quotations"][0].marks["figure_accuracy"] == 0.0
    assert [case.question in asked for asked in model.asked[-2:]] == [True, True]
    lines = systems_table(judged).splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(systems)


def test_quotations_alone_need_no_model_and_refuse_nothing(samples: Archive, settings: Settings) -> None:
    system = QuotationOnly(AnswerPipeline(samples, None, settings))
    unanswerable = next(case for case in load_cases() if not case.answerable)
    record = system.answer(unanswerable)
    assert record["status"] == "quoted"
    assert {sentence["outcome"] for sentence in record["sentences"]} == {"quoted"}


def test_what_the_comparison_needs_is_named(
    samples: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EvalError, match="NEWS_LLM__ENGINE"):
        peers(samples, AnswerPipeline(samples, None, settings), settings.llm)
    monkeypatch.setitem(sys.modules, "llama_index.core", None)
    monkeypatch.delitem(sys.modules, "eval.systems.llamaindex_peer", raising=False)
    with pytest.raises(EvalError, match="peers"):
        peers(
            samples, AnswerPipeline(samples, TimedModel(model=ScriptedModel(says="")), settings), settings.llm
        )
