"""Reranks the best passages with a cross-encoder; off unless the settings name one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.core.errors import ModelUnavailable
from assistant.core.records import Hit
from assistant.core.settings import RerankerSettings, Settings
from assistant.core.weights import hub_revision


class Reranker:
    """A loaded cross-encoder."""

    def __init__(self, settings: RerankerSettings, model: str, weights_dir: Path) -> None:
        """Load the model from a folder or by its hub id.

        Raises:
            ModelUnavailable: It cannot be loaded.
        """
        from sentence_transformers import CrossEncoder

        self.n_passages, self._batch_size = settings.n_passages, settings.batch_size
        folder = Path(model).expanduser()
        try:
            self._model = CrossEncoder(
                str(folder) if folder.exists() else model,
                num_labels=1,
                cache_folder=str(weights_dir / "hub"),
                local_files_only=folder.exists(),
                revision=hub_revision(model),
            )
        except Exception as exc:  # transformers and the hub raise unrelated types
            raise ModelUnavailable(
                f"Cannot load the reranker {model!r}: {exc}\nCorrect NEWS_RERANKER__MODEL, or go without: NEWS_RERANKER__MODEL="
            ) from exc

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Indices of the texts, the best match for the question first."""
        scores = self._model.predict(
            [(question, text) for text in texts], batch_size=self._batch_size, show_progress_bar=False
        )
        return [int(i) for i in np.argsort(-np.asarray(scores, np.float64), kind="stable")]

    def reranked(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits with the first ``n_passages`` in the cross-encoder's order.

        Each rank keeps its fused score, which later stages are calibrated on; only the hit at it changes.
        """
        first = hits[: self.n_passages]
        texts = [
            f"{hit.article.title}\n{hit.article.text[hit.passage.start : hit.passage.end]}" for hit in first
        ]
        order = self.order(question, texts) if first else []
        placed = [replace(first[i], score=place.score) for i, place in zip(order, first, strict=True)]
        return placed + list(hits[self.n_passages :])


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, or None.

    Raises:
        ModelUnavailable: It cannot be loaded.
    """
    named = settings.reranker.model
    return Reranker(settings.reranker, named, settings.weights_dir) if named else None
