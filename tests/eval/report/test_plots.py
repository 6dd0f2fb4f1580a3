from eval.report.plots import precision


def test_precision_is_drawn_for_each_kind_of_statement_with_its_number() -> None:
    parts = {"figures": [(0.9, True), (0.5, False)], "sentences": [(0.7, True)], "nothing": []}
    svg = precision(parts, "model:1.5b")
    for words in ("figures (n = 2)", "sentences (n = 1)", "nothing (n = 0)", "model:1.5b", "% right"):
        assert words in svg
