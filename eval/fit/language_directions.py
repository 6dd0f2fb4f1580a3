"""Fits the language directions that are removed from an embedder's vectors."""

from pathlib import Path

import numpy as np

from assistant.core import directions
from assistant.core.embedding import Embedder
from eval.dataset.public_sets import parallel_lines

_LINES = 1200


def fit_directions(embedder: Embedder, data: Path) -> Path:
    """Fit an embedder's language directions on the parallel news lines under ``ntrex``, and store them.

    Raises:
        EvalError: The lines are missing.
    """
    lines = [texts[:_LINES] for texts in parallel_lines(data).values()]
    fitted = directions.fit([embedder.raw_passages(texts) for texts in lines])
    file = directions.file_of(embedder.identity.model)
    np.save(file, fitted.astype(np.float16))
    return file
