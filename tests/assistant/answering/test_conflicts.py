import numpy as np
import pytest

from assistant.answering.conflicts import conflicts, corrected, is_correction
from assistant.core.figures import contradictions, read_figures
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.reading.candidates import Candidate, Chosen
from assistant.reading.pool import Choice

KO = Language.KO
WRONG = "예산은 3981억 위안(7조 6896억 원)이다."
RIGHT = "7조 6896억 원이 아니라 76조 8960억 원이다."


def _evidence(name: str, text: str, title: str = "예산") -> Evidence:
    article = Article(name, f"file:///{name}", title, text, KO)
    return Evidence(article, read_span(article, 0, len(text)))


def _choice(*stated: tuple[Evidence, str], chosen: int = 0) -> Choice:
    """Candidates by the words of their figures, all equally likely."""
    candidates = [
        Candidate(item, figure) for item, text in stated for figure in item.figures if figure.text == text
    ]
    likely = np.full(len(candidates), 1 / len(candidates))
    one = candidates[chosen]
    return Choice(candidates, likely, chosen=Chosen(one.evidence, one.figure, float(likely[0])))


@pytest.mark.parametrize(
    ("title", "language", "correction"),
    [
        ("[정정] 기금 규모", KO, True),
        ("기금 규모 3조 원", KO, False),
        ("Đính chính: quy mô quỹ", Language.VI, True),
        ("Quy mô quỹ", Language.VI, False),
        ("Correction: size of the fund", Language.EN, True),
        ("Size of the fund", Language.EN, False),
    ],
)
def test_a_correction_says_so_in_its_title(title: str, language: Language, correction: bool) -> None:
    assert is_correction(Article("a", "", title, "", language)) is correction


@pytest.mark.parametrize("chosen", [0, 2])
def test_the_figure_of_a_correction_takes_the_place_of_the_one_that_it_corrects(chosen: int) -> None:
    old, new = _evidence("a", WRONG), _evidence("b", RIGHT, "[정정] 예산")
    stated = [(old, "7조 6896억 원"), (new, "7조 6896억 원"), (new, "76조 8960억 원")]
    found = corrected(_choice(*stated, chosen=chosen)).chosen
    assert found is not None
    assert (found.figure.text, found.evidence) == ("76조 8960억 원", new)
    assert found.confidence == 1  # both speak of one thing


def test_without_a_correction_the_choice_stays() -> None:
    choice = _choice((_evidence("a", WRONG), "7조 6896억 원"), (_evidence("b", RIGHT), "76조 8960억 원"))
    assert corrected(choice) is choice
    nothing = Choice()
    assert corrected(nothing) is nothing


def test_articles_with_another_value_beside_the_same_figure_are_in_conflict() -> None:
    one, other = _evidence("a", WRONG), _evidence("b", "예산은 3981억 위안(76조 8960억 원)이다.")
    choice = _choice((one, "7조 6896억 원"), (other, "76조 8960억 원"))
    assert choice.chosen is not None
    (found,) = conflicts(choice.chosen, choice, {}, {})
    assert ([figure.text for _, figure in found.sides], found.within) == (
        ["7조 6896억 원", "76조 8960억 원"],
        False,
    )


def test_articles_that_state_the_same_are_not_in_conflict() -> None:
    choice = _choice((_evidence("a", WRONG), "7조 6896억 원"), (_evidence("b", WRONG), "7조 6896억 원"))
    assert choice.chosen is not None
    assert conflicts(choice.chosen, choice, {}, {}) == []


def test_conversions_of_one_article_that_do_not_add_up_are_a_conflict_within_it() -> None:
    item = _evidence("a", "기금은 1조 위안(193조 원), 예산은 3981억 위안(7조 6896억 원)이다.")
    choice = _choice((item, "3981억 위안"))
    assert choice.chosen is not None
    found = conflicts(choice.chosen, choice, {"a": contradictions(read_figures(item.quote, KO))}, {})
    assert [conflict.within for conflict in found] == [True]
    assert [evidence.quote for evidence, _ in found[0].sides] == [
        "1조 위안(193조 원",
        "3981억 위안(7조 6896억 원",
    ]
