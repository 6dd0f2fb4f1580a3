import json
from pathlib import Path

import pytest

from assistant.core.articles import ArticleStore
from assistant.core.conversations import Judgement
from assistant.core.languages import Language
from assistant.core.records import Answer, Citation, Sentence, SentenceOutcome, Status
from eval.dataset.cases import load_cases
from eval.dataset.proposals import drafts, from_feedback


def _drafts(folder: Path, body: str, language: str) -> list[dict[str, object]]:
    file = folder / "news.md"
    file.write_text(f"---\ntitle: X\ndate: 2025-11-27\nlanguage: {language}\n---\n{body}\n", encoding="utf-8")
    return [json.loads(line) for line in drafts([file])]


@pytest.mark.parametrize(
    ("body", "language", "question", "gold"),
    [
        (
            "점유율은 17%였다.",
            "ko",
            "빈칸에 들어갈 수치는? “점유율은 ____였다.”",
            {"kind": "percent", "unit": "percent", "value": "17"},
        ),
        (
            "Ngân sách là 3 tỷ đồng.",
            "vi",
            "Con số nào nằm ở chỗ trống? “Ngân sách là ____.”",
            {"kind": "money", "unit": "VND", "value": "3000000000"},
        ),
        (
            "It has over 600 users.",
            "en",
            "Which figure belongs in the gap? “It has ____.”",
            {"kind": "count", "unit": "user", "low": "600"},
        ),
    ],
)
def test_a_figure_is_asked_for_by_the_gap_that_it_leaves(
    tmp_path: Path, body: str, language: str, question: str, gold: dict[str, str]
) -> None:
    (case,) = _drafts(tmp_path, body, language)
    assert (case["figures"], case["spans"]) == ([gold], [{"article": "news.md", "quote": body}])
    assert case["question"] == question


def test_each_exact_figure_is_a_case_and_a_vague_one_none(tmp_path: Path) -> None:
    cases = _drafts(tmp_path, "2024년에는 15%, 올해 4월 30일에는 17%였다. 수십억 달러가 들었다.", "ko")
    assert [case["id"] for case in cases] == [f"news-{n}" for n in range(1, len(cases) + 1)]
    values = [figure["value"] for case in cases for figure in case["figures"]]  # type: ignore[attr-defined]
    assert values == ["2024", "15", "2025-04-30", "17"]


def test_what_readers_judged_becomes_cases_that_load(tmp_path: Path) -> None:
    cited = Citation(1, "a", "T", "P", None, "ko", "file:///x/share.md", "점유율은 17%였다.", 0, 10, "a")
    sentence = Sentence("17%입니다.", (1,), SentenceOutcome.TEMPLATED)
    right = Answer("점유율은?", Language.KO, Status.ANSWERED, sentences=(sentence,), citations=(cited,))
    refused = Answer("환율은?", Language.KO, Status.NO_EVIDENCE, standalone="내년 환율은?")
    conversations = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}").conversations
    for answer, judgement in (
        (right, Judgement(is_right=True)),
        (right, Judgement(is_right=False, reason="wrong_figure", correction="71%")),
        (refused, Judgement(is_right=True)),
        (refused, Judgement(is_right=False, reason="should_know")),
        (right, None),
    ):
        stored = conversations.add("kim", None, answer.question, answer)
        if judgement:
            conversations.judge(stored.id, judgement)
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(from_feedback(conversations.judged())), encoding="utf-8")
    cases = load_cases(file)
    assert [(case.question, case.type, [f.value for f in case.figures]) for case in cases] == [
        ("점유율은?", "figure", ["17"]),
        ("점유율은?", "figure", ["71"]),
        ("내년 환율은?", "unanswerable", []),
        ("내년 환율은?", "narrative", []),
    ]
    assert [span.article for span in cases[0].spans] == ["share.md"]
    assert "wrong_figure" in cases[1].reason
