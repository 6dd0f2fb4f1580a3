"""Fits what the assistant stores as data."""

from pathlib import Path

import numpy as np

from assistant.core import directions
from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError

_LINES = 1200
_FILES = ("newstest2019-src.eng.txt", "newstest2019-ref.kor.txt", "newstest2019-ref.vie.txt")


def fit_directions(embedder: Embedder, data: Path) -> Path:
    """Fit an embedder's language directions on parallel news lines under ``ntrex``, and store them.

    Raises:
        EvalError: The lines are not there.
    """
    try:
        lines = [(data / "ntrex" / name).read_text(encoding="utf-8").split("\n")[:_LINES] for name in _FILES]
    except OSError as exc:
        raise EvalError(f"The parallel lines cannot be read: {exc}. Name their folder: python -m eval fit --data DIR") from exc
    fitted = directions.fit([embedder.raw_passages(texts) for texts in lines])
    file = directions.file_of(embedder.identity.model)
    np.save(file, fitted.astype(np.float16))
    return file
