"""Embeds texts as unit vectors with sentence-transformers."""

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.core import directions, weights
from assistant.core.errors import ModelUnavailable
from assistant.core.settings import EmbedderSettings, Precision

FloatArray = NDArray[np.float32]

# CPU flags in /proc/cpuinfo that show native bf16 support: x86-64, then ARM.
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
MIN_BF16_COSINE = 0.995
_PROBES = (
    "중국산 인공지능 모델의 점유율이 크게 올랐다고 연구진이 밝혔다.",
    "Chính phủ công bố chiến lược phát triển trí tuệ nhân tạo đến năm 2030.",
    "The ministry published its draft rules on high-impact systems.",
)


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Everything that must match for vectors to be comparable; part of the index fingerprint.

    ``directions`` is a checksum of the language directions removed from the vectors, 0 if there are none.
    """

    model: str
    revision: str
    query_prompt: str
    passage_prompt: str
    dimensions: int
    directions: int = 0

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


class Embedder:
    """A loaded sentence-transformers model; thread-safe."""

    def __init__(self, settings: EmbedderSettings, weights_dir: Path) -> None:
        """Load the model, fetching its files if necessary.

        Raises:
            WeightsError: The files cannot be fetched.
            ModelUnavailable: They cannot be loaded.
        """
        folder = weights.embedder_folder(settings.model, weights_dir)
        self._model = _load(folder, settings.model, weights_dir)
        prompts: dict[str, str] = self._model.prompts
        self._query_prompt = (
            prompts.get("query", "") if settings.query_prompt is None else settings.query_prompt
        )
        self._passage_prompt = (
            prompts.get("document", "") if settings.passage_prompt is None else settings.passage_prompt
        )
        self._batch_size = settings.batch_size
        self._directions = directions.stored(settings.model)
        self.identity = EmbedderIdentity(
            settings.model,
            weights.revision(settings.model, folder),
            self._query_prompt,
            self._passage_prompt,
            int(self._model.get_embedding_dimension()),
            0 if self._directions is None else zlib.crc32(self._directions.tobytes()),
        )
        self.precision = self._choose_precision(settings.precision)

    @property
    def body(self) -> tuple[Any, Any]:
        """The transformer and its tokeniser, for models built on top of them."""
        return self._model[0].auto_model, self._model.tokenizer

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that the model sees; what follows is cut off."""
        return int(self._model.max_seq_length or self._model.tokenizer.model_max_length)

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        """For each text, the offset at which each of its tokens ends."""
        if not texts:
            return []
        read = self._model.tokenizer(
            list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        return [[end for _, end in offsets] for offsets in read["offset_mapping"]]

    def query(self, text: str) -> FloatArray:
        """Unit vector of a question, shape (dimensions,)."""
        vector: FloatArray = self.queries([text])[0]
        return vector

    def queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions, shape (texts, dimensions)."""
        return self.without_directions(self.raw_queries(texts))

    def passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of passages or sentences, shape (texts, dimensions).

        Texts are sorted by length for batching.
        """
        return self.without_directions(self.raw_passages(texts))

    def raw_passages(self, texts: Sequence[str]) -> FloatArray:
        """Like ``passages``, with the language directions left in."""
        return self._unit(texts, self._passage_prompt)

    def raw_queries(self, texts: Sequence[str]) -> FloatArray:
        """Like ``queries``, with the language directions left in."""
        return self._unit(texts, self._query_prompt)

    def without_directions(self, vectors: FloatArray) -> FloatArray:
        """Raw unit vectors, shape (texts, dimensions), with the language directions removed, renormalised."""
        return (
            vectors
            if self._directions is None or not len(vectors)
            else directions.removed(vectors, self._directions)
        )

    def _unit(self, texts: Sequence[str], prompt: str) -> FloatArray:
        if not texts:
            return np.zeros((0, self.identity.dimensions), np.float32)
        encoded = self._model.encode(
            list(texts), prompt=prompt or None, batch_size=self._batch_size, show_progress_bar=False
        )
        # Normalised here: in bf16 the norm is off by a few thousandths
        vectors = np.asarray(encoded, np.float32)
        unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _choose_precision(self, wanted: Precision) -> Precision:
        """Switch to bf16 if it is native and, on three probe sentences, close enough to fp32; or if it is set explicitly."""
        import torch

        if wanted is Precision.FP32 or (wanted is Precision.AUTO and not has_native_bf16()):
            return Precision.FP32
        exact = self.passages(_PROBES)
        self._model.to(torch.bfloat16)
        cosine = float((exact * self.passages(_PROBES)).sum(1).min())
        if wanted is Precision.AUTO and cosine < MIN_BF16_COSINE:
            self._model.to(torch.float32)
            return Precision.FP32
        return Precision.BF16


def _load(folder: str, name: str, weights_dir: Path) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            folder,
            local_files_only=Path(folder).exists(),
            cache_folder=str(weights_dir / "hub"),
            revision=weights.hub_revision(name),
        )
    except Exception as exc:  # transformers and the hub raise unrelated exception types
        raise ModelUnavailable(
            f"Cannot load the embedder {name!r}: {exc}\n"
            "Correct NEWS_EMBEDDER__MODEL, or see what is missing with: python -m assistant doctor"
        ) from exc


def has_native_bf16() -> bool:
    """Whether the processor supports bf16 natively; otherwise bf16 is far slower than fp32."""
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    flags = {
        flag
        for line in cpuinfo.splitlines()
        if line.lower().startswith(("flags", "features"))
        for flag in line.split(":")[1].split()
    }
    return bool(flags & _BF16_FLAGS)
