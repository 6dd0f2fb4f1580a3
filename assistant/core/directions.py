"""Language directions of a multilingual embedder, removed from its vectors.

A multilingual encoder maps parallel texts to nearby vectors that still differ by language in a few common
directions. The top right singular vectors of those differences are removed from queries and passages alike,
which brings a question closer to passages in other languages at no cost within its own. Fitted and stored per
model by ``python -m eval fit directions``.
"""

from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


def stored(model: str) -> FloatArray | None:
    """Unit vectors of a model's language directions, shape (directions, dimensions).

    None if none have been fitted.
    """
    file = file_of(model)
    return np.load(file).astype(np.float32) if file.is_file() else None


def file_of(model: str) -> Path:
    """The file that holds a model's directions."""
    return Path(str(resources.files("assistant.core"))) / "language_directions" / f"{Path(model).name}.npy"


def fit(parallel: list[FloatArray], n: int = 2) -> FloatArray:
    """The directions along which parallel texts differ most.

    Args:
        parallel: Per language, unit vectors of the same texts in the same order, shape (texts, dimensions).
        n: Number of directions.
    """
    differences = [one - other for i, one in enumerate(parallel) for other in parallel[i + 1 :]]
    directions: FloatArray = np.linalg.svd(np.concatenate(differences), full_matrices=False)[2][:n].astype(
        np.float32
    )
    return directions


def removed(vectors: FloatArray, directions: FloatArray) -> FloatArray:
    """The vectors, shape (texts, dimensions), with their components along the directions removed, renormalised."""
    rest = vectors - (vectors @ directions.T) @ directions
    unit: FloatArray = rest / np.linalg.norm(rest, axis=1, keepdims=True)
    return unit
