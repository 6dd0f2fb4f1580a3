import numpy as np
import pytest

from assistant.core.directions import file_of, fit, removed, stored

RNG = np.random.default_rng(0)
TEXTS = RNG.normal(size=(30, 6)).astype(np.float32)


def test_a_model_without_fitted_directions_has_none() -> None:
    assert stored("nobody/no-such-model") is None


def test_directions_are_kept_under_the_models_name_without_its_owner() -> None:
    assert file_of("owner/model").name == "model.npy"
    assert file_of("owner/model") == file_of("model")


def test_fitted_directions_are_unit_vectors_at_right_angles() -> None:
    others = [TEXTS + RNG.normal(size=TEXTS.shape).astype(np.float32) for _ in range(2)]
    directions = fit([TEXTS, *others])
    assert directions @ directions.T == pytest.approx(np.eye(2), abs=1e-5)


def test_vectors_are_of_unit_length_without_their_directions() -> None:
    directions = np.eye(6, dtype=np.float32)[:2]
    left = removed(TEXTS, directions)
    assert np.linalg.norm(left, axis=1) == pytest.approx(np.ones(30), abs=1e-5)
    assert left[:, :2] == pytest.approx(np.zeros((30, 2)), abs=1e-6)
