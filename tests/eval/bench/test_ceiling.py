"""The models of the ceiling: one that is right about what it is shown, one that lies."""

import pytest

from assistant.core.figures import agrees, read_figures
from assistant.writing import prompts
from eval.bench.ceiling import lie, truth
from eval.dataset.realistic import BUILT_IN, RealisticCase, load_realistic

CASE = RealisticCase(
    "x",
    "ko",
    "도비는 얼마나 깎였나?",
    "figure",
    "a",
    (("148억",),),
    (),
    "148억 원을 잘라 냈다",
    "도비 148억 원이 깎였습니다.",
)
PROMPT = "[1] (중원매일 (2026-04-14)) 회의는 길었다.\n[2] (중원매일 (2026-04-14)) 위원회는 148억 원을 잘라 냈다.\n\n질문: {}"


def test_the_right_model_cites_the_lines_that_bear_its_answer() -> None:
    assert truth(CASE, PROMPT.format(CASE.q)) == "도비 148억 원이 깎였습니다. [2]"


def test_the_right_model_refuses_where_the_words_are_not_shown() -> None:
    assert truth(CASE, PROMPT.format(CASE.q).replace("148억", "312억")) == prompts.refusal(CASE.lang)


def test_the_right_model_finds_its_words_in_a_line_with_rendered_figures() -> None:
    line = "[1] (Báo (2026)) Tổng vốn là 186 triệu USD (= 1억 8600만 달러), tăng gấp rưỡi."
    case = RealisticCase(
        "y",
        "ko",
        "총액은?",
        "figure",
        "a",
        (("1억 8600만",),),
        (),
        "Tổng vốn là 186 triệu USD, tăng",
        "1억 8600만 달러입니다.",
    )
    assert truth(case, line).endswith("[1]")


@pytest.mark.parametrize(
    "case", [case for case in load_realistic(BUILT_IN) if case.answerable][:40], ids=lambda case: case.id
)
def test_a_lie_states_what_the_gold_answer_does_not(case: RealisticCase) -> None:
    true = read_figures(case.answer, case.lang)
    assert any(
        not any(agrees(said, f) for f in true)
        for said in read_figures(lie(case).removesuffix(" [1]"), case.lang)
    )
