"""The features of sentences, figures and the "no answer" outcome, and their weights.

The weights are fitted by ``python -m eval fit measures`` and stored beside this file.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.reading.candidates import FloatArray, Reading

SENTENCE_FEATURES = (
    "nearness",
    "passage",
    "rank",
    "score",
    "words",
    "near_words",
    "other_language",
    "names",
    "near_names",
    "article_names",
    "attributes",
    "near_attributes",
    "overlap",
    "near_overlap",
    "kind_asked",
    "has_figure",
    "asks_figure",
    "short",
    "first",
    "trained",
)
"""The features of a sentence; most are shares, 0 to 1, nearness is in units of 3 standard deviations.

``trained``, here and below, is the trained reader's log-odds, in units of 5.
"""
FEATURES = (
    "sentence",
    "clause_nearness",
    "sentence_nearness",
    "passage",
    "rank",
    "other_language",
    "clause_words",
    "sentence_words",
    "clause_attributes",
    "sentence_attributes",
    "near_attributes",
    "clause_names",
    "sentence_names",
    "near_names",
    "article_names",
    "numbers",
    "years",
    "article_years",
    "other_years",
    "year_before",
    "other_year_before",
    "name_before",
    "other_name_before",
    "figure_overlap",
    "sentence_overlap",
    "near_overlap",
    "head_attributes",
    "head_others",
    "clause_others",
    "place_before",
    "other_place_before",
    "kind_second",
    "kind_later",
    "unit_same",
    "unit_other",
    "no_unit",
    "conversion",
    "bare_day",
    "date_part",
    "bound",
    "in_question",
    "kind_asked",
    "kind_first",
    "asks_no_figure",
    "date_not_asked",
    "vague",
    "told",
    "is_date",
    "is_rank",
    "trained",
)
"""The features of a figure; ``sentence`` is the log-probability of its sentence."""

NONE_FEATURES = (
    "figure_none",
    "sentence_none",
    "best_score",
    "best_nearness",
    "names_missing",
    "words_missing",
    "years_missing",
    "kind_missing",
    "asks_figure",
    "trained_figure",
    "trained_sentence",
)
"""The features of the "no answer" outcome; most are shares, ``words`` are unlisted words that look like names."""

FILE = Path(__file__).with_name("measures.toml")


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per feature; ``none`` is the score of no candidate being the answer.

    In the weights of the "no answer" outcome itself, ``none`` is the intercept.
    """

    features: FloatArray
    none: float

    def read(self, features: FloatArray) -> Reading:
        """The reading of candidates with these features, shape (candidates, features)."""
        return Reading.of_scores(features @ self.features if len(features) else (), self.none)


@cache
def weights(of: str) -> Weights:
    """The fitted weights for ``sentence``, ``figure`` or ``none``."""
    stored = tomllib.loads(FILE.read_text(encoding="utf-8"))[of]
    names = {"sentence": SENTENCE_FEATURES, "figure": FEATURES, "none": NONE_FEATURES}[of]
    return Weights(np.array([stored[name] for name in names]), stored["none"])
