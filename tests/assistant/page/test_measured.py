import json
from pathlib import Path

import pytest

from assistant.core.languages import Language, load_table
from assistant.page.measured import measured_html
from assistant.page.texts import texts

MEASURE = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 8}
REPORT = {
    "cases": 8,
    "run": {"llm": {"engine": "none", "model": "<b>"}},
    "titles": {str(tag): {"figure_accuracy": f"title {tag}"} for tag in Language},
    "all": {"figure_accuracy": MEASURE},
    "language": {"ko": {"figure_accuracy": MEASURE}, "vi": {}},
    "plots": {"ko": {"그림": "<svg></svg>"}},
}


@pytest.mark.parametrize("language", list(Language))
def test_the_results_that_ship_with_the_program_are_shown(tmp_path: Path, language: Language) -> None:
    html = measured_html(tmp_path / "none.json", language)
    said = texts("measured")
    assert said["realistic_title"][language] in html
    assert said["easy_title"][language] in html
    assert said["how_to"][language].split("python")[0] in html
    for name in load_table(language, "report")["realistic"].values():
        assert name in html
    assert "<svg" in html


def test_ones_own_run_is_shown_with_intervals_and_plots(tmp_path: Path) -> None:
    own = tmp_path / "latest.json"
    own.write_text(json.dumps(REPORT), encoding="utf-8")
    html = measured_html(own, Language.KO, tmp_path / "none.json")
    assert "<td>50 % (25–75)</td><td>–</td><td>50 % (25–75)</td>" in html
    assert "none &lt;b&gt;" in html
    assert "<svg></svg>" in html


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"titles": 1, "language": {}, "all": {}}'])
def test_a_file_that_is_no_report_is_left_out(tmp_path: Path, content: str) -> None:
    own = tmp_path / "latest.json"
    own.write_text(content, encoding="utf-8")
    html = measured_html(own, Language.EN, tmp_path / "none.json")
    assert texts("measured")["how_to"][Language.EN].split("&&")[0] in html
