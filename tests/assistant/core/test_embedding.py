import numpy as np
from sentence_transformers import SentenceTransformer

from assistant.core import directions
from assistant.core.embedding import MIN_BF16_COSINE, Embedder
from assistant.core.settings import Precision, Settings
from assistant.core.weights import embedder_folder

TEXTS = [
    "중국산 신규 AI 모델의 다운로드 점유율이 17%로 올라갔다.",
    "Thị phần tải xuống của Trung Quốc đạt 17%, vượt 15,8% của Mỹ.",
    "China's share of downloads reached 17 per cent.",
    "내일은 전국에 비가 내리겠습니다.",
]


def test_vectors_are_unit_length_and_put_one_story_together(embedder: Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert np.allclose((vectors**2).sum(1), 1, atol=1e-3)
    cosines = vectors @ vectors.T
    # Compared within one language: the Vietnamese and the English line are nearer the Korean line that says
    # the same.
    assert cosines[1, 0] > cosines[1, 3]
    assert cosines[2, 0] > cosines[2, 3]


def test_queries_and_passages_carry_their_own_prefix(embedder: Embedder, settings: Settings) -> None:
    plain = SentenceTransformer(
        embedder_folder(settings.embedder.model, settings.weights_dir), local_files_only=True
    )
    for prefix, vector in (
        ("query: ", embedder.raw_queries(TEXTS[:1])[0]),
        ("passage: ", embedder.raw_passages(TEXTS[:1])[0]),
    ):
        assert float(plain.encode(prefix + TEXTS[0], normalize_embeddings=True) @ vector) >= MIN_BF16_COSINE


def test_language_directions_are_taken_out_and_bring_translations_nearer(embedder: Embedder) -> None:
    stored = directions.stored(embedder.identity.model)
    assert stored is not None
    assert embedder.identity.directions
    vectors = embedder.passages(
        [
            "중국 모델의 비중이 늘었다.",
            "Tỷ trọng các mô hình Trung Quốc đã tăng.",
            "Hôm nay trời mưa to ở Hà Nội.",
        ]
    )
    assert np.abs(vectors @ stored.T).max() < 1e-2
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    raw = embedder.raw_passages(
        [
            "중국 모델의 비중이 늘었다.",
            "Tỷ trọng các mô hình Trung Quốc đã tăng.",
            "Hôm nay trời mưa to ở Hà Nội.",
        ]
    )
    lead = [float(v[0] @ v[1] - v[0] @ v[2]) for v in (vectors, raw)]
    assert lead[0] > lead[1]


def test_directions_are_found_where_parallel_texts_differ() -> None:
    rng = np.random.default_rng(0)
    meaning = rng.normal(size=(50, 8)).astype(np.float32)
    meaning[:, 0] = 0
    one, other = meaning.copy(), meaning.copy()
    one[:, 0], other[:, 0] = 3, -3
    fitted = directions.fit([one, other], n=1)
    assert abs(fitted[0, 0]) > 0.99
    assert np.allclose(directions.removed(one, fitted), directions.removed(other, fitted), atol=1e-3)


def test_lower_precision_stays_close_to_fp32(embedder: Embedder, settings: Settings) -> None:
    exact = Embedder(settings.embedder.model_copy(update={"precision": Precision.FP32}), settings.weights_dir)
    assert exact.precision is Precision.FP32
    assert float((exact.passages(TEXTS) * embedder.passages(TEXTS)).sum(1).min()) >= MIN_BF16_COSINE


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.passages([]).shape == (0, embedder.identity.dimensions)


def test_the_order_of_texts_does_not_change_their_vectors(embedder: Embedder) -> None:
    assert np.allclose(embedder.passages(TEXTS), embedder.passages(TEXTS[::-1])[::-1], atol=0.02)
