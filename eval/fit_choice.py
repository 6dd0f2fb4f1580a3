"""Fits the weights by which the assistant chooses a figure, on the development half of the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.answer import AnswerPipeline
from assistant.choose import FEATURES, FILE
from assistant.core.figures import figure_json
from assistant.core.text import Language
from assistant.question import understand
from eval.cases import Case, CaseType

_PENALTY = 0.5
"""Of the sum of squared weights, against the log-likelihood of all questions; 0.2 to 1 do as well."""
_ITERATIONS = 300
_FOLDS = 10
_LIMITS = np.linspace(0.2, 0.8, 25)
_AS_GOOD = 0.02
"""Limits whose errors are no more than that above the least are as good; their mean is taken."""


@dataclass(frozen=True, slots=True)
class Example:
    """A figure question with its candidates' measures, shape (candidates, features), and which of them are right."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    language: Language = Language.EN
    answerable: bool = True


def fit_choice(pipeline: AnswerPipeline, cases: Sequence[Case]) -> Path:
    """Fit the weights on questions that ask for a figure, answerable or not, and store them."""
    asked = [case for case in cases if case.type in (CaseType.FIGURE, CaseType.UNANSWERABLE)]
    examples = [example for case in asked if (example := _example(pipeline, case)) is not None]
    fitted = maximum_likelihood(examples)
    limits = refusal_limits(examples)
    lines = [f"{name} = {weight:.3f}" for name, weight in zip((*FEATURES, "none"), fitted, strict=True)]
    lines += ["", "# Probability of none from which on a question is refused", "[refuse_from]"]
    lines += [f"{language} = {limit:.2f}" for language, limit in limits.items()]
    FILE.write_text("# Fitted by: python -m eval fit choice\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return FILE


def refusal_limits(examples: Sequence[Example]) -> dict[Language, float]:
    """Per language the probability of "none of them" from which on refusing errs least.

    Both errors count alike, the share of answerable questions refused and that of unanswerable ones answered; the probabilities
    are of weights fitted without the question, in 10 parts.
    """
    fold = np.random.default_rng(0).permutation(len(examples)) % _FOLDS
    none = np.zeros(len(examples))
    for part in range(_FOLDS):
        fitted = maximum_likelihood([example for example, of in zip(examples, fold, strict=True) if of != part])
        for i in np.flatnonzero(fold == part).tolist():
            scores = np.append(examples[i].features @ fitted[:-1], fitted[-1])
            none[i] = 1 / np.exp(scores - scores[-1]).sum()
    limits = {}
    for language in Language:
        of_language = np.array([example.language is language for example in examples])
        answerable = np.array([example.answerable for example in examples])[of_language]
        errors = [
            float((none[of_language][answerable] >= limit).mean() + (none[of_language][~answerable] < limit).mean())
            for limit in _LIMITS
        ]
        good = [limit for limit, error in zip(_LIMITS, errors, strict=True) if error <= min(errors) + _AS_GOOD]
        limits[language] = float(np.mean(good))
    return limits


def maximum_likelihood(examples: Sequence[Example]) -> NDArray[np.float64]:
    """The weights of the features, then the score of "none of them", of a conditional logit with a squared penalty.

    Where no candidate is right, "none" is; where several are, one of them was chosen, whichever.
    """
    n_candidates = max(len(example.right) for example in examples) + 1
    features = torch.zeros(len(examples), n_candidates, len(FEATURES) + 1, dtype=torch.double)
    absent = torch.ones(len(examples), n_candidates, dtype=torch.bool)
    wrong = torch.ones(len(examples), n_candidates, dtype=torch.bool)
    for i, example in enumerate(examples):
        n = len(example.right)
        features[i, :n, :-1] = torch.from_numpy(example.features)
        features[i, n, -1] = 1
        absent[i, : n + 1] = False
        wrong[i, :n] = torch.from_numpy(~example.right)
        wrong[i, n] = bool(example.right.any())
    weights = torch.zeros(len(FEATURES) + 1, dtype=torch.double, requires_grad=True)
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


def _example(pipeline: AnswerPipeline, case: Case) -> Example | None:
    """The candidates of a case as the pipeline sees them; None where the question is not understood to ask for a figure."""
    draft = pipeline.prepare(understand(case.question, case.history))
    found = draft.candidates
    if not found:
        return None
    right = [any(gold.is_stated(figure_json(candidate.figure)) for gold in case.figures) for candidate in found]
    return Example(np.array([candidate.features for candidate in found]), np.array(right), case.language, case.answerable)
