"""Ranking measures by hand, and every method on a reading set written for the test."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError
from eval.bench_retrieval import compare, quality
from eval.readings import readings


def test_measures_are_those_computed_by_hand() -> None:
    scores = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.4, 0.4, 0.1]])
    found = quality(scores, [0, 1, 0])
    # ranks 1, 2 and, for a tie counts against the ranking, 2
    assert (found.n, found.r1, found.r5) == (3, pytest.approx(1 / 3), 1.0)
    assert found.mrr10 == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert found.ndcg10 == pytest.approx((1 + 2 / np.log2(3)) / 3)
    assert 0 <= found.low <= found.r1 <= found.high <= 1


@pytest.fixture
def data(tmp_path: Path) -> Path:
    def write(name: str, pairs: list[tuple[str, str]]) -> None:
        paragraphs = [{"context": text, "qas": [{"question": question}]} for text, question in pairs]
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))

    write(
        "korquad1/KorQuAD_v1.0_dev.json",
        [("서울은 한국의 수도이다.", "한국의 수도는?"), ("김치는 배추로 만든다.", "김치는 무엇으로 만드나?")],
    )
    write("xquad/xquad.vi.json", [("Hà Nội là thủ đô.", "Thủ đô là gì?"), ("Phở làm từ gạo.", "Phở làm từ gì?")])
    write(
        "xquad/xquad.en.json", [("Hanoi is the capital.", "What is the capital?"), ("Pho is made of rice.", "What is pho made of?")]
    )
    return tmp_path


def test_every_method_ranks_every_set(data: Path, embedder: Embedder) -> None:
    sets = readings(data)
    assert [len(s.questions) for s in sets.values()] == [2, 2, 2, 2, 1, 1, 1, 1]
    assert sets["pool vi→en"].languages == ("en", "vi")
    assert sets["pool vi→en"].questions == ("Thủ đô là gì?",)
    found = compare(sets["KorQuAD"], embedder)
    assert list(found) == ["this", "dense", "BM25", "RRF"]
    assert found["this"].r1 == 1.0


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="--data DIR"):
        readings(tmp_path)
