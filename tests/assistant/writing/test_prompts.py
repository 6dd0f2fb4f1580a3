"""Prompts as exact text."""

import re
from pathlib import Path
from string import Template

import pytest

import prompts as prompt_files
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.core.text import detect_language
from assistant.writing import prompts

FOLDER = Path(prompt_files.__file__).parent
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_prompt_is_named_by_task_language_and_role_and_stands_in_the_readme(path: Path) -> None:
    task, language, role, _ = path.name.split(".")
    assert language in set(Language)
    row = next(
        line for line in (FOLDER / "README.md").read_text().splitlines() if f"`{task}.*.{role}.txt`" in line
    )
    assert set(re.findall(r"\$(\w+)", row.split("|")[2])) == set(Template(path.read_text()).get_identifiers())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_prompt_exists_in_every_language_and_is_written_in_it(path: Path) -> None:
    task, language, role, _ = path.name.split(".")
    assert all((FOLDER / f"{task}.{other}.{role}.txt").exists() for other in Language)
    words = Template(path.read_text()).safe_substitute(
        dict.fromkeys(set(Template(path.read_text()).get_identifiers()) - {"mark"}, "")
    )
    if any(character.isalpha() for character in words):
        assert detect_language(words) is Language(language)


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(KeyError, match="figure"):
        prompts.render("figure", Language.KO, "template", source="x")


def test_article_text_is_never_expanded() -> None:
    article = Article("a", "file:///a", "제목", "값은 $question이고 {x}다.", Language.KO, publisher="신문")
    (_, user) = prompts.answer_prompt(
        "질문?", Language.KO, [Evidence(article, read_span(article, 0, len(article.text)))]
    )
    assert "[1] (신문) 값은 $question이고 {x}다." in str(user.content)


def test_the_fixed_part_comes_first_and_is_the_same_for_every_question() -> None:
    article = Article("a", "file:///a", "제목", "하나다.", Language.KO, publisher="신문")
    evidence = [Evidence(article, read_span(article, 0, 4))]
    first, second = (prompts.answer_prompt(q, Language.VI, evidence) for q in ("a?", "b?"))
    assert first[0].content == second[0].content
    assert prompts.refusal(Language.VI) in str(first[0].content)
    assert prompts.prompt_hash(first) != prompts.prompt_hash(second)
