"""Ranking measures by hand, and every method on a reading set written for the test."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import HashEmbedder

from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError
from eval.bench.public_retrieval import CachedVectors, compare, quality
from eval.dataset.public_sets import readings


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
    write(
        "xquad/xquad.vi.json", [("Hà Nội là thủ đô.", "Thủ đô là gì?"), ("Phở làm từ gạo.", "Phở làm từ gì?")]
    )
    write(
        "xquad/xquad.en.json",
        [("Hanoi is the capital.", "What is the capital?"), ("Pho is made of rice.", "What is pho made of?")],
    )
    documents = [
        (
            "hàn",
            "Hàn Quốc thông qua luật AI",
            "Quốc hội đã bỏ phiếu.",
            "한국, AI 법 통과",
            "국회가 표결했다.",
            "Korea passes AI act",
            "Parliament voted.",
        ),
        (
            "gạo",
            "Giá gạo tăng mạnh",
            "Nông dân bán gạo.",
            "쌀값 급등",
            "농민이 쌀을 판다.",
            "Rice prices soar",
            "Farmers sell rice.",
        ),
    ]
    files = {"ref.vie": (1, 2), "ref.kor": (3, 4), "src.eng": (5, 6)}
    (tmp_path / "ntrex").mkdir()
    for name, columns in files.items():
        lines = "".join(f"{row[column]}\n" for row in documents for column in columns)
        (tmp_path / "ntrex" / f"newstest2019-{name}.txt").write_text(lines)
    (tmp_path / "ntrex" / "DOCUMENT_IDS.tsv").write_text("".join(f"{row[0]}\n" * 2 for row in documents))
    return tmp_path


def test_titles_are_asked_for_the_rest_of_their_text_in_every_language(data: Path) -> None:
    found = {name: reading for name, reading in readings(data).items() if name.startswith("titles")}
    assert len(found) == 9
    reading = found["titles ko→vi"]
    assert (reading.questions, reading.documents) == (
        ("한국, AI 법 통과", "쌀값 급등"),
        ("Quốc hội đã bỏ phiếu.", "Nông dân bán gạo."),
    )
    assert reading.passages(HashEmbedder()) == (["Quốc hội đã bỏ phiếu.", "Nông dân bán gạo."], [0, 1])


def test_every_method_ranks_every_set(data: Path, embedder: Embedder) -> None:
    sets = readings(data)
    assert [len(s.questions) for s in sets.values()] == [2, 2, 2, 2, 1, 1, 1, 1, *[2] * 9]
    assert sets["pool vi→en"].languages == ("en", "vi")
    assert sets["pool vi→en"].questions == ("Thủ đô là gì?",)
    found = dict(compare(sets["KorQuAD"], CachedVectors(embedder)))
    assert list(found) == ["this", "dense", "BM25", "RRF", "LangChain"]
    assert found["this"].r1 == 1.0


def test_only_the_comparison_needs_what_it_compares_with(
    data: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_qdrant", None)
    monkeypatch.delitem(sys.modules, "eval.systems.langchain_peer", raising=False)
    with pytest.raises(EvalError, match="peers"):
        next(compare(readings(data)["KorQuAD"], CachedVectors(embedder)))
    other_commands = "import sys; sys.modules['langchain_qdrant'] = None; from eval.__main__ import main; main(['score', '--help'])"
    assert (
        "--split"
        in subprocess.run(
            [sys.executable, "-c", other_commands], capture_output=True, text=True, check=True
        ).stdout
    )


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="--data DIR"):
        readings(tmp_path)
