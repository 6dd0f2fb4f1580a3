from pathlib import Path

import pytest
from fakes import HashEmbedder

from assistant.core.errors import EvalError
from assistant.core.languages import Language
from eval.dataset.public_sets import NTREX, Reading, parallel_lines


def _reading(text: str, language: Language, *, cut: bool) -> Reading:
    return Reading((text, "Hết."), (language, language), ("?",), language, (0,), cut)


@pytest.mark.parametrize("language", list(Language))
def test_a_document_is_searched_whole_or_by_passages_of_whole_sentences(language: Language) -> None:
    sentence = "가나다라. " if language is Language.KO else "Một hai ba bốn. "
    text = (sentence * 200).strip()
    assert _reading(text, language, cut=False).passages(HashEmbedder()) == ([text, "Hết."], [0, 1])
    passages, of = _reading(text, language, cut=True).passages(HashEmbedder())
    assert " ".join(passages) == f"{text} Hết."
    assert of == [0] * (len(passages) - 1) + [1]
    assert len(passages) > 2


def test_parallel_lines_are_those_of_each_language_in_order(tmp_path: Path) -> None:
    (tmp_path / "ntrex").mkdir()
    for language, name in NTREX.items():
        (tmp_path / "ntrex" / name).write_text(f"{language} 1\n{language} 2\n")
    assert parallel_lines(tmp_path) == {language: [f"{language} 1", f"{language} 2"] for language in Language}


def test_missing_parallel_lines_are_named_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"ntrex.*--data DIR"):
        parallel_lines(tmp_path)
