"""Fits the weights of the sentence and figure measures on the questions of the development half."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.reading.weights import FEATURES, FILE, NONE_FEATURES, SENTENCE_FEATURES
from eval.dataset.examples import Example

_PENALTY = 1.0
"""Penalty on the sum of squared weights, relative to the total log-likelihood."""
_ITERATIONS = 200

Options = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""The measures of the options, shape (options, measures), and which options are right."""


def fit_measures(examples: Sequence[Example]) -> Path:
    """Fit and store the weights for sentences, for figures and for "no answer"."""
    tables = {
        "sentence": (SENTENCE_FEATURES, maximum_likelihood([sentence_options(one) for one in examples])),
        "figure": (
            FEATURES,
            maximum_likelihood([figure_options(one) for one in examples if is_about_figures(one)]),
        ),
    }
    tables["none"] = (NONE_FEATURES, logistic(examples))
    lines = ["# Fitted by: python -m eval fit measures"]
    for name, (names, fitted) in tables.items():
        lines += [
            "",
            f"[{name}]",
            *(f"{key} = {weight:.3f}" for key, weight in zip((*names, "none"), fitted, strict=True)),
        ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return FILE


def logistic(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Fit a logistic regression for "no answer": the weights of its measures, then the bias."""
    features = np.array([np.append(one.measured.none_features, 1.0) for one in examples])
    signs = np.where([one.answerable for one in examples], -1.0, 1.0)

    def surprise(weights: NDArray[np.float64]) -> float:
        return float(
            np.logaddexp(0, -signs * (features @ weights)).sum()
            + _PENALTY * np.square(weights[:-1]).sum() / 10
        )

    found: NDArray[np.float64] = minimize(surprise, np.zeros(features.shape[1]), method="L-BFGS-B").x
    return found


def is_about_figures(example: Example) -> bool:
    """Whether the answer is a figure, or would be if there were one."""
    return bool(example.right_figures.any()) or bool(example.question.answer_type)


def sentence_options(example: Example) -> Options:
    """The sentences of a question as options."""
    return example.measured.sentence_features, example.right_sentences


def figure_options(example: Example) -> Options:
    """The figure candidates of a question as options."""
    return example.measured.features, example.right_figures


def maximum_likelihood(options: Sequence[Options]) -> NDArray[np.float64]:
    """Fit a conditional logit with an L2 penalty: the weights of the measures, then the score of "none of them".

    If no option is right, "none" is; if several are, the likelihood is that of choosing any of them.
    """
    n_features = options[0][0].shape[1]
    most = max(len(right) for _, right in options)
    features = torch.zeros(len(options), most + 1, n_features + 1, dtype=torch.double)
    absent = torch.ones(len(options), most + 1, dtype=torch.bool)
    wrong = torch.ones(len(options), most + 1, dtype=torch.bool)
    for i, (measured, right) in enumerate(options):
        n = len(right)
        features[i, :n, :-1] = torch.from_numpy(measured)
        features[i, n, -1] = 1
        absent[i, : n + 1] = False
        wrong[i, :n] = torch.from_numpy(~right)
        wrong[i, n] = bool(right.any())
    weights = torch.zeros(n_features + 1, dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=_ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        scores = (features @ weights).masked_fill(absent, -torch.inf)
        surprise = scores.logsumexp(1) - scores.masked_fill(wrong, -torch.inf).logsumexp(1)
        total = surprise.sum() + _PENALTY * weights[:-1].square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    found: NDArray[np.float64] = weights.detach().numpy()
    return found
