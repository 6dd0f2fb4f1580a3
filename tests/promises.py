"""What holds of every answer, whatever the articles say and the model writes."""

from assistant.core.archive import Archive
from assistant.core.figures import agrees, read_figures
from assistant.core.languages import Language
from assistant.core.records import Answer, SentenceOutcome
from assistant.core.text import detect_language


def check_promises(answer: Answer, archive: Archive) -> None:
    """Citations quote exactly, every sentence is cited, and what is stated is in the reader's language and in its source."""
    texts = {article.id: article for article in archive.store.articles()}
    assert answer.done
    for number, citation in enumerate(answer.citations, 1):
        assert citation.n == number
        assert texts[citation.article_id].text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert sentence.citations
        cited = [answer.citations[n - 1] for n in sentence.citations]
        sources = [f for c in cited for f in read_figures(c.quote, Language(c.language))]
        assert all(figure.agrees_with for figure in sentence.figures)
        if sentence.outcome is SentenceOutcome.VERIFIED:
            assert detect_language(sentence.text) is answer.language
            assert all(
                any(agrees(f, s) for s in sources) for f in read_figures(sentence.text, answer.language)
            )
