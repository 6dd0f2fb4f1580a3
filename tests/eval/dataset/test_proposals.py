import json
from pathlib import Path

import pytest

from eval.dataset.proposals import drafts


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
