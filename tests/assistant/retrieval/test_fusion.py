from datetime import date
from itertools import product

import numpy as np
import pytest

from assistant.core.languages import Language
from assistant.core.records import Article, Hit, Passage
from assistant.retrieval.fusion import fuse, fuse_scores, weight

KO, VI, EN = Language.KO, Language.VI, Language.EN


def _hit(name: str, dense: float, lexical: float = 0.0, day: date | None = None) -> Hit:
    article = Article(name, "", "", "", KO, day)
    return Hit(article, Passage(f"{name}:0", name, 0, 0, ()), dense, lexical)


def test_dense_scores_are_stretched_over_all_passages_and_lexical_ones_within_a_language() -> None:
    fused = fuse_scores(
        np.array([0.0, 5.0, 10.0]), np.array([3.0, 0.0, 7.0]), [KO, KO, VI], {KO: 0.5, VI: 0.5}
    )
    assert fused == pytest.approx([0.5, 0.25, 1.0])


@pytest.mark.parametrize(("share", "scores"), [(0.0, [0.0, 1.0]), (1.0, [1.0, 0.0]), (0.25, [0.25, 0.75])])
def test_the_weight_says_how_much_words_count(share: float, scores: list[float]) -> None:
    assert fuse_scores(np.array([0.0, 1.0]), np.array([9.0, 2.0]), [EN, EN], {EN: share}) == pytest.approx(
        scores
    )


def test_words_that_no_passage_has_speak_for_none() -> None:
    assert fuse_scores(np.array([1.0]), np.array([0.0]), [VI], {VI: 0.5}) == pytest.approx([0.5])


def test_every_pair_of_languages_has_a_weight() -> None:
    assert all(0 <= weight(question, passage) <= 1 for question, passage in product(Language, repeat=2))


def test_the_best_hit_comes_first_and_of_equal_ones_the_newer_and_the_undated_last() -> None:
    hits = [
        _hit("undated", 1.0),
        _hit("worst", 0.0, day=date(2026, 1, 1)),
        _hit("old", 1.0, day=date(2024, 1, 1)),
        _hit("new", 1.0, day=date(2025, 1, 1)),
    ]
    assert [hit.article.id for hit in fuse(hits, KO)] == ["new", "old", "undated", "worst"]
    assert fuse([], KO) == []
