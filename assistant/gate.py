"""Answer or refuse: decided by code before a model is asked."""

from collections.abc import Sequence

from assistant.choose import Choice, weights
from assistant.core.figures import read_figures
from assistant.core.records import Evidence
from assistant.core.text import Language
from assistant.question import Question

MIN_SCORE: dict[Language, float] = {Language.KO: 0.3, Language.VI: 0.2, Language.EN: 0.2}
"""Least score of the best sentence, by the question's language; lower where the articles are in another one."""


def why_refuse(question: Question, evidence: Sequence[Evidence], choice: Choice) -> str | None:
    """The reason why the evidence cannot hold the answer; None where it may."""
    if not evidence:
        return "no sentence found"
    if evidence[0].score < MIN_SCORE[question.language]:
        return f"best sentence scores {evidence[0].score:.2f}"
    if missing := _missing_names(question, evidence):
        return f"not named in the articles: {', '.join(missing)}"
    if missing := _missing_years(question, evidence):
        return f"the articles do not speak of {', '.join(missing)}"
    if question.asked and not choice.candidates:
        return f"no figure of kind {' or '.join(question.asked.kinds)}"
    if question.asked and choice.none >= weights().refuse_from[question.language]:
        return f"probably none of {len(choice.candidates)} figures is the one asked for ({choice.none:.0%})"
    return None


def _missing_years(question: Question, evidence: Sequence[Evidence]) -> list[str]:
    """Years that the question names and no article was published in or mentions."""
    years = {f.date[:4] for f in read_figures(question.text, question.language) if f.date and not f.date.startswith("XXXX")}
    return [year for year in sorted(years) if not any(year in f"{item.article.published} {item.article.text}" for item in evidence)]


def _missing_names(question: Question, evidence: Sequence[Evidence]) -> list[str]:
    """Names that no article has; what only looks like a name may be a word in translation, and counts where no name is met."""
    texts = [f"{item.article.title}\n{item.article.text}" for item in evidence]
    missing = [name for name in question.names if not any(name.is_in(text) for text in texts)]
    return [name.text for name in missing if name.is_known or len(missing) == len(question.names)]
