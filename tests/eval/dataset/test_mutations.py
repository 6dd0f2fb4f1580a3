from pathlib import Path

import pytest

from assistant.core.figures import agrees, read_figures
from assistant.core.languages import Language
from eval.bench.figure_reading import sentences
from eval.dataset.mutations import AlterationOutcome, mutations, score
from ingest.samples import FOLDER as SAMPLES

KO, VI, EN = Language.KO, Language.VI, Language.EN
SENTENCES = [
    ("점유율은 17%였다.", KO, "17%"),
    ("Thị phần đạt 17%.", VI, "17%"),
    ("The share is 17%.", EN, "17%"),
]


@pytest.mark.parametrize(("sentence", "language", "figure"), SENTENCES)
def test_only_the_figure_is_altered_and_every_other_digit_is_caught(
    sentence: str, language: Language, figure: str
) -> None:
    before, after = sentence.split(figure)
    found = list(mutations(sentence, language))
    assert all(m.text.startswith(before) and m.text.endswith(after) and m.text != sentence for m in found)
    assert {m.outcome for m in found if m.way == "digit"} == {AlterationOutcome.CAUGHT}


@pytest.mark.parametrize(
    ("sentence", "language"), [("정부가 밝혔다.", KO), ("Bộ cho biết.", VI), ("The ministry said.", EN)]
)
def test_a_sentence_without_figures_has_nothing_to_alter(sentence: str, language: Language) -> None:
    assert list(mutations(sentence, language)) == []


def test_another_separator_that_changes_no_value_is_no_alteration() -> None:
    (separator,) = (m for m in mutations("tăng 15,8%", VI) if m.way == "separator")
    assert (separator.text, separator.outcome) == ("tăng 15.8%", AlterationOutcome.SAME)


@pytest.mark.parametrize(
    ("sentence", "language", "altered", "way"),
    [
        ("예산은 3조 원이다.", KO, "예산은 3억 원이다.", "scale"),
        ("예산은 3조 원이다.", KO, "예산은 3조 위안이다.", "unit"),
        ("Ngân sách 3 tỷ đồng.", VI, "Ngân sách 3 triệu đồng.", "scale"),
        ("Ngân sách 3 tỷ đồng.", VI, "Ngân sách 3 tỷ USD.", "unit"),
    ],
)
def test_units_and_scales_are_exchanged(sentence: str, language: Language, altered: str, way: str) -> None:
    found = {m.text: m for m in mutations(sentence, language)}
    assert (found[altered].way, found[altered].outcome) == (way, AlterationOutcome.CAUGHT)


def test_a_date_keeps_its_units() -> None:
    assert {m.way for m in mutations("2025년 3월 24일 시행", KO)} == {"digit", "factor"}


def test_every_alteration_is_counted_once() -> None:
    counts, missed = score((sentence, language) for sentence, language, _ in SENTENCES)
    assert counts.total() == sum(len(list(mutations(s, language))) for s, language, _ in SENTENCES)
    assert counts[AlterationOutcome.MISSED] == len(missed)


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
