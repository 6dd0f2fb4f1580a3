"""Every figure of the sample and the real articles, altered in one way at a time: a checker that lets one pass is no checker."""

from pathlib import Path

import pytest

from assistant.core.figures import agrees, read_figures
from assistant.core.languages import Language
from eval.bench.figure_reading import sentences
from eval.dataset.mutations import AlterationOutcome, mutations, score
from ingest.samples import FOLDER as SAMPLES

REAL_ARTICLES = Path(__file__).parents[4] / "shared" / "articles"
CAUGHT = 0.995
FOLDERS = [SAMPLES, pytest.param(REAL_ARTICLES, marks=pytest.mark.articles)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_altered_figures_are_caught(folder: Path) -> None:
    counts, missed = score(sentences(folder))
    caught = counts[AlterationOutcome.CAUGHT]
    assert caught > 500
    assert caught >= CAUGHT * (caught + len(missed)), missed


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_unchanged_sentence_raises_no_alarm(folder: Path) -> None:
    for text, language in sentences(folder):
        for figure in read_figures(text, language):
            assert agrees(figure, figure)


def test_every_way_of_altering_a_figure_is_tried() -> None:
    ways = {mutation.way for mutation in mutations("약 1,340.5억 달러", Language.KO)}
    assert ways == {"digit", "factor", "separator", "unit", "scale"}


def test_a_figure_altered_into_another_of_its_sentence_is_counted_apart() -> None:
    found = {m.text: m.outcome for m in mutations("17%에서 18%로 올랐다", Language.KO)}
    assert found["18%에서 18%로 올랐다"] is AlterationOutcome.APART
    assert found["12%에서 18%로 올랐다"] is AlterationOutcome.CAUGHT
