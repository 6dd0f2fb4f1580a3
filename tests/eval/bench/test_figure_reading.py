"""Counting pairs that read alike, on pairs written for the test."""

from pathlib import Path

import pytest

from assistant.core.errors import EvalError
from assistant.core.languages import Language
from eval.__main__ import main
from eval.bench.figure_reading import spoken_pairs, translated


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for language in ("ko", "vi"):
        (tmp_path / "nemo" / language / "data_text").mkdir(parents=True)
    (tmp_path / "nemo/ko/data_text/test_cases_money.txt").write_text(
        "₩3000~삼천 원\n₩3000~사천 원\n없음~없음\n"
    )
    (tmp_path / "nemo/ko/data_text/test_cases_telephone.txt").write_text("02-345-6789~공이\n")
    (tmp_path / "nemo/vi/data_text/test_cases_cardinal.txt").write_text("15~mười lăm\n")
    (tmp_path / "ntrex").mkdir()
    lines = {
        "src.eng": ["He is 44 and has 3 dogs.", "It costs $35 million.", "None."],
        "ref.kor": ["그는 44세다.", "2500만 달러다.", "없다."],
        "ref.vie": ["Ông 44 tuổi.", "Giá 35 triệu USD.", "Không."],
    }
    for name, text in lines.items():
        (tmp_path / f"ntrex/newstest2019-{name}.txt").write_text("\n".join(text))
    return tmp_path


def test_pairs_are_counted_by_category_with_every_miss(data: Path) -> None:
    tallies = spoken_pairs(data)
    money = tallies[Language.KO, "money"]
    assert (money.pairs, money.neither, money.equal, money.share) == (3, 1, 1, 0.5)
    assert ["사천 원" in miss for miss in money.misses] == [True]
    assert tallies[Language.VI, "cardinal"].share == 1
    assert (Language.KO, "telephone") not in tallies


def test_a_figure_of_the_original_is_looked_for_in_the_same_line(data: Path) -> None:
    korean, vietnamese = translated(data, Language.KO), translated(data, Language.VI)
    assert (korean.figures, korean.value) == (2, 1)
    assert korean.misses[0].startswith("2\t$35 million\t")
    assert (vietnamese.figures, vietnamese.value, vietnamese.misses) == (2, 2, [])


def test_the_command_prints_shares_and_writes_the_misses(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "home"))
    assert main(["bench", "figures", "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "en → ko: of 2 figures 1 found = 50.0%" in out
    assert " 0 missed" in out
    assert "$35 million" in (tmp_path / "home" / "figure-misses.tsv").read_text()


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EvalError, match="--data DIR"):
        spoken_pairs(tmp_path)
    assert main(["bench", "figures"]) == 2
    assert "--data DIR" in capsys.readouterr().err
