import pytest

from assistant.core.figures import read_figures
from assistant.core.figures.line import Line
from assistant.core.figures.qualifiers import qualifier_before, sign_before
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("before", "language", "name", "word"),
    [
        ("약 ", KO, "about", "약"),
        ("최소 ", KO, "at_least", "최소"),
        ("최대 ", KO, "at_most", "최대"),
        ("gần ", VI, "nearly", "gần"),
        ("không quá ", VI, "at_most", "không quá"),
        ("không ít hơn ", VI, "at_least", "không ít hơn"),
        ("more than ", EN, "at_least", "more than"),
        ("no more than ", EN, "at_most", "no more than"),
        ("close to ", EN, "nearly", "close to"),
    ],
)
def test_the_longest_qualifier_before_a_figure_counts(
    before: str, language: Language, name: str, word: str
) -> None:
    assert qualifier_before(Line.of(f"{before}600", language), len(before)) == (name, word)


@pytest.mark.parametrize(
    ("before", "language"),
    [("계약 ", KO), ("정부는 ", KO), ("thấp hơn ", VI), ("dựa trên ", VI), ("hangover ", EN), ("the ", EN)],
)
def test_the_end_of_another_word_and_a_comparison_are_no_qualifiers(before: str, language: Language) -> None:
    assert qualifier_before(Line.of(f"{before}600", language), len(before)) == ("", "")


@pytest.mark.parametrize(
    ("text", "start", "sign"),
    [
        ("▼0.5%", 0, -1),
        ("↑0.5%", 0, 1),
        ("(-)0.5%", 0, -1),
        ("▲0.5%", 0, None),
        ("▲ 0.5%", 2, 1),
        ("0.5%", 0, 1),
    ],
)
def test_a_sign_says_less_more_or_either(text: str, start: int, sign: int | None) -> None:
    assert sign_before(Line.of(text, KO), text.index("0")) == (start, sign)


@pytest.mark.parametrize(
    ("text", "language"),
    [("600여 명", KO), ("600명 남짓", KO), ("600-odd people", EN)],
)
def test_a_word_behind_a_figure_says_on_which_side_it_lies(text: str, language: Language) -> None:
    (figure,) = read_figures(text, language)
    assert (figure.value, figure.low, figure.high, figure.approximate) == (600, 600, None, True)
