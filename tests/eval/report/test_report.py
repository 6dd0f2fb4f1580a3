"""The report: its table, its numbers, and the page in a real browser."""

import json
from pathlib import Path

import pytest

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.settings import Settings
from assistant.page.measured import measured_html
from eval.dataset.cases import load_cases
from eval.measures.metrics import judgements
from eval.report.report import Results, html, numbers, table
from eval.runs import run_cases
from eval.systems.product import Product

MADE_WITH = {"llm": {"engine": "none"}}


@pytest.fixture(scope="module")
def page(samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cases = load_cases()[::12]
    folder = tmp_path_factory.mktemp("report")
    rows = list(
        run_cases(Product(AnswerPipeline(samples, None, settings)), cases, folder / "run.jsonl", MADE_WITH)
    )
    rows[0]["answer"]["text"] = "<script>alert(1)</script>"
    judged = judgements(cases, rows)
    verifier = {"true": (1, 10), "digit": (9, 10)}
    results = Results(cases, rows, judged, MADE_WITH, verifier, {cases[1].id: "False: another year"})
    (folder / "report.html").write_text(html(results), encoding="utf-8")
    lines = table(judged).splitlines()
    assert lines[0].startswith("worst: ")
    assert lines[2].split()[:2] == ["all", str(len(cases))]
    plain = numbers(results)
    assert plain["cases"] == len(cases)
    assert set(plain) == {"cases", "run", "titles", "worst", "verifier", "all", "language", "pair", "type"}
    (folder / "report.json").write_text(json.dumps(plain), encoding="utf-8")
    assert plain["all"]["unsupported"] == {"n": len(cases), "value": 0, "low": 0, "high": 0}
    return folder / "report.html"


def test_the_page_loads_nothing_and_runs_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert text.count("False: another year") == 3
    assert text.count("90.0 %") == 3
    assert not [part for part in ("src=", "@import", "url(http") if part in text]


def test_the_chat_page_shows_the_figures_in_each_language_and_says_what_to_run_without_them(
    page: Path, tmp_path: Path
) -> None:
    for language, title in (
        (Language.KO, "수치 정확도"),
        (Language.VI, "Con số đúng"),
        (Language.EN, "Figure accuracy"),
    ):
        shown = measured_html(page.with_suffix(".json"), language)
        assert title in shown
        assert '<th scope="col">vi</th>' in shown
        assert "python -m eval run" in measured_html(tmp_path / "missing.json", language)
    (tmp_path / "broken.json").write_text("[]")
    assert "python -m eval run" in measured_html(tmp_path / "broken.json", Language.EN)


@pytest.mark.browser
def test_a_reader_chooses_the_language_and_every_plot_has_labels_and_numbers_of_cases(page: Path) -> None:
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"]) as browser,
    ):
        opened = browser.new_page()
        opened.goto(page.as_uri())
        for tag, words in (
            ("ko", ("수치가 맞은 비율 (%)", "초", "표시된 확률 (%)")),
            ("vi", ("Con số đúng (%)", "Giây", "Xác suất được nêu (%)")),
            ("en", ("Figures right (%)", "Seconds", "Probability given (%)")),
        ):
            opened.locator(f"label[lang={tag}]").click()
            section = opened.locator(f"section.{tag}")
            assert section.is_visible()
            assert opened.locator("section:visible").count() == 1
            plots = section.locator("figure svg")
            assert plots.count() == 4
            drawn = " ".join(plots.nth(i).text_content() or "" for i in range(4))
            assert all(word in drawn for word in words)
            for i in range(4):
                assert "n = " in (plots.nth(i).text_content() or "")
