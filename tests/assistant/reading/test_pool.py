"""From readings to a choice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.core.figures import read_figures
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.settings import DEFAULT_LLM
from assistant.core.spans import read_span
from assistant.reading.candidates import Candidate, Reading
from assistant.reading.measures import Measured
from assistant.reading.pool import (
    NO_MODEL,
    Calibration,
    NoneWeights,
    Vote,
    Weights,
    calibration_of,
    pool,
    store,
)

TEXT = "점유율은 17%다. 작년에는 15%였다. 올해도 17%다."
ARTICLE = Article("a", "file:///a", "제목", TEXT, Language.KO)
SPANS = [(0, 9), (10, 21), (22, 31)]
CANDIDATES = [
    Candidate(Evidence(ARTICLE, read_span(ARTICLE, start, end)), figure)
    for start, end in SPANS
    for figure in read_figures(TEXT[start:end], Language.KO)
    if figure.kind == "percent"
]
ITEMS = tuple(dict.fromkeys(candidate.evidence for candidate in CANDIDATES))
NONE = NoneWeights(refuse_from=0.5)
LIMITS = Calibration("x", Weights(state_from=0.6), Weights(state_from=0.6), NONE)
MODEL = Calibration("x", Weights(1, 3, 2, 0.6), Weights(1, 3, 2, 0.6), NoneWeights(1, 4, 0, 0.5))


def _measured(scores: list[float], none: float = 0.0) -> Measured:
    """Measures whose reading has these scores, one of each candidate.

    Each sentence scores as its figure does.
    """
    reading = Reading.of_scores(scores, none)
    return Measured(ITEMS, sentences=reading, candidates=tuple(CANDIDATES[: len(scores)]), figures=reading)


def test_a_readings_probabilities_add_up_to_one() -> None:
    reading = Reading.of_scores([1.0, 2.0, -50.0], 0.5)
    assert np.exp(reading.candidates).sum() + np.exp(reading.none) == pytest.approx(1)
    assert Reading.of_scores([], 3.0).none == pytest.approx(0)


def test_a_question_that_asks_for_no_figure_has_none_chosen() -> None:
    measured = replace(_measured([1.0, 1.5, 1.0]), asks_figure=False)
    assert pool(measured, LIMITS).chosen is None


def test_a_sentence_with_several_figures_is_as_sure_as_they_are_together() -> None:
    measured = _measured([1.0, 1.5, 1.0])
    choice = pool(measured, LIMITS)
    seventeen, fifteen = CANDIDATES[0].figure, CANDIDATES[1].figure
    assert choice.mass(seventeen, fifteen) == pytest.approx(choice.mass(seventeen) + choice.mass(fifteen))
    assert choice.mass(seventeen, fifteen, seventeen) == pytest.approx(1 - np.exp(measured.figures.none))


def test_a_verified_figure_that_is_no_candidate_yet_becomes_one() -> None:
    measured = replace(
        _measured([1.0, 1.5, 1.0]), candidates=tuple(CANDIDATES[:2]), figures=Reading.of_scores([1, 1.5], 0)
    )
    (figure,) = read_figures("80%", Language.KO)
    unread = Candidate(CANDIDATES[2].evidence, figure)
    vote = Vote((figure,), (unread.evidence,), verified=(unread,))
    choice = pool(measured, LIMITS, vote)
    assert [one.figure.text for one in choice.candidates] == ["17%", "15%", "80%"]
    assert choice.mass(figure) == pytest.approx(choice.mass(CANDIDATES[0].figure))
    believed = pool(measured, MODEL, vote).chosen
    assert believed
    assert believed.figure == figure


def test_sentences_that_state_the_same_figure_add_up() -> None:
    choice = pool(_measured([1.0, 1.5, 1.0]), LIMITS)
    assert choice.chosen is not None
    assert choice.chosen.figure.text == "17%"
    assert choice.chosen.confidence == pytest.approx(
        float(choice.probabilities[0] + choice.probabilities[2]), abs=0.001
    )


@pytest.mark.parametrize(("scores", "certain"), [([5.0, 0.0, 5.0], True), ([1.0, 1.0, 1.0], False)])
def test_what_is_sure_is_stated(scores: list[float], certain: bool) -> None:
    assert pool(_measured(scores), LIMITS).is_certain is certain


def test_without_candidates_nothing_is_chosen() -> None:
    choice = pool(Measured(), LIMITS)
    assert choice.chosen is None
    assert not choice.is_certain


def test_a_models_figure_gains_and_its_refusal_speaks_for_none() -> None:
    measured = _measured([1.0, 1.0, 1.0])
    alone, named = pool(measured, MODEL), pool(measured, MODEL, Vote((CANDIDATES[1].figure,)))
    refused = pool(measured, MODEL, Vote(refused=True))
    assert alone.chosen
    assert named.chosen
    assert refused.chosen
    assert (alone.chosen.figure.text, named.chosen.figure.text) == ("17%", "15%")
    assert named.chosen.confidence > 0.6
    assert refused.chosen.confidence < alone.chosen.confidence
    assert refused.none > alone.none


def test_a_models_span_supports_its_sentence() -> None:
    measured = _measured([1.0, 1.0, 1.0])
    cited = (ITEMS[1],)
    assert (
        pool(measured, MODEL, Vote(cited=cited)).support(cited) > 0.6 > pool(measured, MODEL).support(cited)
    )


def test_a_calibration_is_kept_under_its_models_name_and_lent_by_size(tmp_path: Path) -> None:
    file = tmp_path / "calibration.toml"
    small, large = (
        replace(MODEL, model=name, none=NoneWeights(bias=bias))
        for name, bias in (("a-9b", 1.0), ("b-70b-chat", 2.0))
    )
    store(small, file)
    store(large, file)
    assert calibration_of("a-9b", tmp_path) == small
    assert calibration_of("qwen3:8b", tmp_path).model == "a-9b"
    assert calibration_of("llama-65B", tmp_path) == large
    assert calibration_of("no-size-named", tmp_path) == large
    assert calibration_of(None, tmp_path).model == NO_MODEL


def test_the_release_has_a_calibration_that_a_model_without_one_of_its_own_borrows() -> None:
    found = calibration_of(None)
    assert found.model == NO_MODEL
    assert 0.3 < found.figure.state_from < 1.1
    assert 0.1 < found.none.refuse_from < 1
    default = calibration_of(f"embedded:{DEFAULT_LLM}")
    assert default.figure.named > 0
    assert calibration_of("ollama:unheard-of:1.7b") == default
