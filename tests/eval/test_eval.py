"""Cases, and runs that go on where they stopped."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.figures import Kind
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.question.understand import understand
from assistant.retrieval.retriever import Retriever
from eval.bench import answer_speed, verification
from eval.bench.index_speed import growth, index_speed
from eval.bench.speed import fill, speed
from eval.dataset.cases import CaseType, GoldSpan, load_cases, unproven
from eval.dataset.proposals import drafts
from eval.measures.metrics import judgements, scores
from eval.runs import conditions, load_conditions, load_rows, open_pipeline, run_cases
from eval.systems.product import Product
from ingest.samples import FOLDER as SAMPLES

MADE_WITH = {"llm": "none"}


def test_the_built_in_cases_are_really_in_their_articles() -> None:
    cases = load_cases()
    assert len(cases) >= 150
    assert sum(not case.answerable for case in cases) >= 40
    assert {case.language for case in cases} == {"ko", "vi", "en"}
    assert {case.type for case in cases} == set(CaseType)
    assert {figure.kind for case in cases for figure in case.figures} == set(Kind)
    assert unproven(cases, SAMPLES) == []
    wrong = replace(cases[0], id="k1", spans=(GoldSpan("ko/a.md", "17%였다"),))
    assert unproven([wrong], SAMPLES) == ["k1: there is no article ko/a.md", "k1: no span states 17 percent"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": "x"}', "line 1 is not a case: question"),
        ("nonsense", "line 1 is not a case"),
        ("", "holds no cases"),
    ],
)
def test_wrong_cases_are_refused_with_their_line(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(content)
    with pytest.raises(EvalError, match=message):
        load_cases(file)
    with pytest.raises(EvalError, match="cannot be read"):
        load_cases(tmp_path / "missing.jsonl")


def test_a_run_goes_on_where_it_stopped_even_within_a_line(
    samples: Archive, settings: Settings, tmp_path: Path
) -> None:
    cases = load_cases()[:3]
    file = tmp_path / "run.jsonl"
    pipeline = AnswerPipeline(samples, None, settings)
    first = next(run_cases(Product(pipeline), cases, file, MADE_WITH))
    with file.open("a") as out:
        out.write('{"id": "ko-ko-us-sh')  # cut off by a crash
    rest = list(run_cases(Product(pipeline), cases, file, MADE_WITH))
    assert [first["id"], *(row["id"] for row in rest)] == [case.id for case in cases]
    assert [row["id"] for row in load_rows(file)] == [case.id for case in cases]
    assert list(run_cases(Product(pipeline), cases, file, MADE_WITH)) == []
    assert load_conditions(file) == MADE_WITH
    again = [replace(cases[0], question="딥시크 차단은 언제였나?"), *cases[1:]]
    assert [row["id"] for row in run_cases(Product(pipeline), again, file, MADE_WITH)] == [cases[0].id]
    with pytest.raises(EvalError, match=r"made under other conditions \(llm\)"):
        next(run_cases(Product(pipeline), cases, file, {"llm": "another"}))
    older = tmp_path / "older.jsonl"  # of a version that noted neither conditions nor questions
    older.write_text(json.dumps({"id": cases[0].id, "seconds": 1.0, "answer": {}}) + "\n")
    with pytest.raises(EvalError, match="--fresh"):
        next(run_cases(Product(pipeline), cases, older, MADE_WITH))


def test_conditions_tell_what_answers_depend_on_and_no_secret(samples: Archive) -> None:
    settings = Settings(
        llm=LlmSettings(engine=Engine.OPENAI, url="http://127.0.0.1:1/v1", api_key=SecretStr("secret"))
    )
    made_with = conditions(settings, samples)
    assert made_with["index"] == samples.fingerprint.digest()
    assert {"llm", "embedder", "versions", "prompts"} <= made_with.keys()
    assert "secret" not in json.dumps(made_with)
    assert "127.0.0.1" not in json.dumps(made_with)


def test_without_a_model_no_figure_is_shown_without_a_source(
    samples: Archive, settings: Settings, tmp_path: Path
) -> None:
    cases = load_cases()[::6]
    rows = list(
        run_cases(Product(AnswerPipeline(samples, None, settings)), cases, tmp_path / "run.jsonl", MADE_WITH)
    )
    assert not [row for row in rows if "error" in row]
    found = scores(judgements(cases, json.loads(json.dumps(rows))))
    assert found["unsupported"].value == 0
    assert found["dangling"].value == 0
    assert found["language"].value == 1.0


def test_drafts_of_an_article_are_cases_that_hold(
    samples: Archive, settings: Settings, tmp_path: Path
) -> None:
    article = next(SAMPLES.glob("ko/meta-fine*"))
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(line + "\n" for line in drafts([article])), encoding="utf-8")
    cases = load_cases(file)
    assert len(cases) >= 5
    assert unproven(cases, article.parent) == []
    row = next(
        run_cases(
            Product(AnswerPipeline(samples, None, settings)), cases[:1], tmp_path / "run.jsonl", MADE_WITH
        )
    )
    assert "answer" in row
    with pytest.raises(EvalError, match="cannot be read as an article"):
        list(drafts([tmp_path / "missing.md"]))


@pytest.mark.weights
def test_an_archive_is_filled_up_and_timed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, llm=LlmSettings(engine=Engine.NONE))
    archive, pipeline = open_pipeline(settings)
    fill(archive, 130)
    fill(archive, 150)
    measured = speed(archive, pipeline, [case.question for case in load_cases()[:2]])
    archive.close()
    assert measured["passages"] == 150
    assert measured["ratio"] > 1


@pytest.mark.model
def test_answers_and_tokens_are_timed(samples: Archive, settings: Settings) -> None:
    answers, tokens = answer_speed.lines(samples, settings, load_cases()[:1])
    assert answers["answers"] == 1
    assert answers["over_model"] > 1
    assert 0 < answers["quotation"] <= answers["first_sentence"] < 1
    assert answers["resident_mib"] > 1000
    assert tokens["prompts"] == 1
    assert tokens["of_llama"] > 0


@pytest.mark.weights
def test_the_same_passages_are_searched_through_three_indexes(samples: Archive) -> None:
    rows = index_speed(samples, [case.question for case in load_cases()[:3]])
    assert [row["index"] for row in rows] == ["edge", "local", "langchain"]
    assert len({row["passages"] for row in rows}) == 1
    assert all(1 < row["p50"] <= row["p95"] for row in rows)
    grown = [dict(row, passages=10**6, p50=3 * row["p50"]) for row in rows]
    assert growth([*grown, *rows]) == pytest.approx({"edge": 3, "local": 3, "langchain": 3})


def test_the_verifier_holds_back_altered_answers_more_often_than_true_ones(samples: Archive) -> None:
    cases = [case for case in load_cases() if case.answer][:40]
    true = verification.statements(cases, samples)
    stats = Retriever(samples, n_passages=8).retrieve(understand("인공지능")).stats
    counts = verification.score(true, samples, stats)
    assert counts["true"].total() == len(true)
    assert {"digit", "citation", "language", "entity"} <= counts.keys()
    for way, count in counts.items():
        if way != "true":
            assert count[True] / count.total() > 0.9 > counts["true"][True] / len(true)
