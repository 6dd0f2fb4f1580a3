"""An answer in progress, and its record so far."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.core.figures import Figure, exact_strings, render_figure
from assistant.core.languages import Language
from assistant.core.records import (
    Agreement,
    Answer,
    AnswerFigure,
    CheckedFigure,
    Citation,
    Disagreement,
    Dropped,
    Evidence,
    NearestArticle,
    Period,
    Progress,
    Sentence,
    SentenceOutcome,
    Status,
    StoryMember,
)
from assistant.question.understand import Question
from assistant.reading.candidates import Candidate, Chosen
from assistant.reading.measures import Measured
from assistant.reading.pool import Choice
from assistant.retrieval.retriever import Retrieved
from assistant.retrieval.scale import LanguageStats
from assistant.writing import prompts
from assistant.writing.sentences import figure_sentence, quotation
from assistant.writing.verify import Verdict

_N_NEAREST = 3


@dataclass(slots=True)
class Draft:
    """The state of an answer in progress.

    Citations are numbered in the order in which their spans are first used.
    """

    question: Question
    retrieved: Retrieved
    measured: Measured
    choice: Choice
    engine: dict[str, str]
    started: float
    timings: dict[str, int] = field(default_factory=dict)
    status: Status = Status.ANSWERED
    overview: Sequence[Evidence] = ()
    sentences: list[Sentence] = field(default_factory=list)
    cited: list[Evidence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    text: str = ""
    progress: Progress | None = None

    @property
    def language(self) -> Language:
        """The answer's language."""
        return self.question.language

    @property
    def evidence(self) -> Sequence[Evidence]:
        """The evidence sentences, likeliest first."""
        return self.measured.evidence

    @property
    def figure(self) -> Chosen | None:
        """The likeliest figure."""
        return self.choice.chosen

    @property
    def candidates(self) -> Sequence[Candidate]:
        """The candidate figures."""
        return self.choice.candidates

    @property
    def stats(self) -> Mapping[Language, LanguageStats]:
        """The statistics that put the nearness of sentences on one scale."""
        return self.retrieved.stats

    def lap(self, name: str) -> None:
        """Record the milliseconds since the question arrived."""
        self.timings[name] = round(1000 * (time.perf_counter() - self.started))

    def cite(self, evidence: Evidence) -> int:
        """The citation number of a span, assigned on first use."""
        places = [(item.article.id, item.start, item.end) for item in self.cited]
        place = (evidence.article.id, evidence.start, evidence.end)
        if place in places:
            return places.index(place) + 1
        self.cited.append(evidence)
        return len(self.cited)

    def drop(self, text: str, why: str) -> None:
        """Record a sentence that is not shown."""
        self.dropped.append(Dropped(text, why))

    def note(self, step: str) -> None:
        """Add a step to the trace."""
        self.trace.append(step)

    def refuse(self, reason: str) -> None:
        """Turn the answer into a refusal."""
        self.note(f"refused: {reason}")
        self.status = Status.NO_EVIDENCE
        self.forget_sentences()
        self.text = prompts.refusal(self.language)

    def show(self, sentence: Sentence) -> None:
        """Add a sentence to the answer."""
        if not self.sentences:
            self.lap("first_sentence")
        self.sentences.append(sentence)

    def show_template(self, chosen: Chosen) -> None:
        """Add the template sentence that states a chosen figure."""
        n = self.cite(chosen.evidence)
        checked = _figure_record(
            replace(chosen.figure, text=render_figure(chosen.figure, self.language)), n, chosen.figure
        )
        self.show(
            Sentence(figure_sentence(chosen, self.language), (n,), SentenceOutcome.TEMPLATED, (checked,))
        )

    def show_written(self, verdict: Verdict, outcome: SentenceOutcome) -> None:
        """Add a verified sentence."""
        numbers = tuple(map(self.cite, verdict.cited))
        figures = tuple(
            _figure_record(figure, self.cite(item), source) for figure, item, source in verdict.figures
        )
        self.show(Sentence(verdict.text, numbers, outcome, figures))

    def show_stated(self, text: str, stated: Sequence[Chosen]) -> None:
        """Add a sentence, worded by code, that states chosen figures."""
        numbers = [self.cite(chosen.evidence) for chosen in stated]
        figures = tuple(
            _figure_record(
                replace(chosen.figure, text=render_figure(chosen.figure, self.language)), n, chosen.figure
            )
            for n, chosen in zip(numbers, stated, strict=True)
        )
        self.show(Sentence(text, tuple(dict.fromkeys(numbers)), SentenceOutcome.TEMPLATED, figures))

    def show_quotation(self, item: Evidence) -> None:
        """Add a sentence quoted from an article."""
        n = self.cite(item)
        figures = tuple(_figure_record(figure, n, figure) for figure in item.figures)
        self.show(Sentence(quotation(item, self.language), (n,), SentenceOutcome.QUOTED, figures))

    def forget_sentences(self) -> None:
        """Discard the sentences and citations so far."""
        self.sentences.clear()
        self.cited.clear()

    def snapshot(self, stories: Mapping[str, Sequence[StoryMember]], *, done: bool = False) -> Answer:
        """The record so far; ``stories`` has the articles that tell each cited story."""
        return Answer(
            question=self.question.text,
            standalone=self.question.standalone,
            period=self._period(),
            language=self.language,
            status=self.status,
            text=self.text or self._text(),
            figure=self._figure(),
            sentences=tuple(self.sentences),
            citations=tuple(
                citation_of(n, item, stories.get(item.article.story_id, ()))
                for n, item in enumerate(self.cited, 1)
            ),
            disagreements=tuple(self.disagreements) if self.sentences else (),
            nearest=self._nearest(),
            dropped=tuple(self.dropped),
            trace=tuple(self.trace),
            timings_ms=dict(self.timings),
            engine=dict(self.engine),
            done=done,
            progress=None if done else self.progress,
        )

    def _text(self) -> str:
        shown = [s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in self.sentences]
        is_unsure = self.status is Status.QUOTED and not self.overview
        opening = [prompts.render("unsure", self.language, "message")] if is_unsure and shown else []
        return " ".join(opening + shown)

    def _figure(self) -> AnswerFigure | None:
        chosen = self.figure
        is_stated = self.status is Status.ANSWERED and self.choice.is_certain
        if chosen is None or not is_stated or chosen.evidence not in self.cited:
            return None
        rendered = render_figure(chosen.figure, self.language)
        return AnswerFigure(
            chosen.figure.text, rendered, self.cited.index(chosen.evidence) + 1, chosen.confidence
        )

    def _period(self) -> Period | None:
        since, until = self.question.filters.since, self.question.filters.until
        return (
            Period(since.isoformat() if since else None, until.isoformat() if until else None)
            if since or until
            else None
        )

    def _nearest(self) -> tuple[NearestArticle, ...]:
        articles = {hit.article.id: hit.article for hit in self.retrieved.hits}
        return tuple(
            NearestArticle(a.id, a.title, a.published.isoformat() if a.published else None)
            for a in list(articles.values())[:_N_NEAREST]
        )


def _figure_record(shown: Figure, n: int, source: Figure) -> CheckedFigure:
    value, low, high = exact_strings(shown)
    return CheckedFigure(shown.text, shown.kind, value, low, high, shown.unit, Agreement(n, source.text))


def citation_of(n: int, item: Evidence, members: Sequence[StoryMember]) -> Citation:
    """The citation of a span; ``members`` are the articles that tell its story."""
    article = item.article
    others = tuple(member for member in members if member.article_id != article.id)
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published.isoformat() if article.published else None,
        language=article.language,
        url=article.url,
        quote=item.quote,
        start=item.start,
        end=item.end,
        story_id=article.story_id,
        also_in=len(others),
        version=article.version,
        others=others,
    )
