"""What something is counted per."""

import pytest

from assistant.core.figures import read_figures
from assistant.core.figures.rates import rate_of, rates_of
from assistant.core.languages import Language


@pytest.mark.parametrize(
    ("text", "language", "units"),
    [
        ("연 150억 원을 낸다", Language.KO, {"year"}),
        ("월평균 2만6400원이다", Language.KO, {"month"}),
        ("하루 이용료는 27만원이다", Language.KO, {"day"}),
        ("일주일 평균 3.2시간이다", Language.KO, {"week"}),
        ("자연 150곳을 찾았다", Language.KO, set()),
        ("6,4 triệu won một năm", Language.VI, {"year"}),
        ("19 triệu đồng/tháng", Language.VI, {"month"}),
        ("nửa năm qua", Language.VI, set()),
        ("two billion dollars a year", Language.EN, {"year"}),
        ("checked weekly and per day", Language.EN, {"week", "day"}),
        ("in the year before", Language.EN, set()),
    ],
)
def test_a_text_says_what_is_counted_per(text: str, language: Language, units: set[str]) -> None:
    assert rates_of(text, language) == units


@pytest.mark.parametrize(
    ("text", "unit"), [("mỗi tuần", "week"), ("một năm", "year"), ("ba năm", None), ("17%", None)]
)
def test_a_figure_may_say_what_is_counted_per(text: str, unit: str | None) -> None:
    (figure,) = read_figures(text, Language.VI)
    assert rate_of(figure) == unit
