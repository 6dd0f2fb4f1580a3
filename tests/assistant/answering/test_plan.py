"""Which kind of answer follows from what was found."""

from dataclasses import replace
from datetime import date

from assistant.answering.plan import Compare, Findings, Overview, Quote, Refuse, State, Write, plan
from assistant.answering.routes.compare import comparison_of
from assistant.core.figures import read_figures
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.question.understand import understand
from assistant.reading.candidates import Chosen
from assistant.reading.pool import Calibration, Choice, NoneWeights, Weights

TEXT = "예산은 3조 원이다."
ARTICLE = Article("a", "file:///a.txt", "예산", TEXT, Language.KO, date(2026, 7, 4))
ITEM = Evidence(ARTICLE, read_span(ARTICLE, 0, len(TEXT)), 1.0)
LIMITS = Calibration(figure=Weights(state_from=0.6), none=NoneWeights(refuse_from=0.8))
CHOSEN = Chosen(ITEM, read_figures(TEXT, Language.KO)[0], 0.5)
UNSURE = Choice(evidence=[ITEM], none=0.5, calibration=LIMITS, chosen=CHOSEN)
FOUND = Findings([ITEM], UNSURE)


def test_nothing_found_is_refused() -> None:
    assert isinstance(plan(Findings([], UNSURE, may_write=True)), Refuse)


def test_a_figure_is_stated_from_the_calibrated_probability_on() -> None:
    sure = replace(UNSURE, chosen=replace(CHOSEN, confidence=0.6))
    assert plan(replace(FOUND, choice=sure, may_write=True)) == State(sure.chosen)  # type: ignore[arg-type]
    assert plan(FOUND) == Quote()


def test_a_model_is_heard_before_anything_is_refused() -> None:
    unlikely = replace(FOUND, choice=replace(UNSURE, none=0.9))
    assert plan(replace(unlikely, may_write=True)) == Write()
    assert isinstance(plan(unlikely), Refuse)


def test_an_overview_is_made_of_what_tells_of_its_topic_or_refused() -> None:
    unlikely = replace(UNSURE, none=0.9)
    assert plan(replace(FOUND, choice=unlikely, overview=[ITEM])) == Overview([ITEM])
    assert isinstance(plan(replace(FOUND, overview=[])), Refuse)


def test_a_comparison_is_tried_however_unlikely_one_answer_to_it_is() -> None:
    comparison = comparison_of(understand("Which is larger, the revenue of Samsung or that of Naver?"))
    assert comparison
    assert plan(replace(FOUND, choice=replace(UNSURE, none=0.9), comparison=comparison)) == Compare(
        comparison
    )
