import copy
import re
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.core.languages import Language, Pack, load_table, pack
from assistant.core.languages.pack import check_examples


def _stored(language: Language) -> dict[str, Any]:
    return copy.deepcopy({**load_table(language, "rules"), "kinds": load_table(language, "kinds")})


def _rules(language: Language) -> list[tuple[str, str]]:
    return [
        (part, name)
        for part, rules in load_table(language, "rules").items()
        for name, rule in rules.items()
        if isinstance(rule, dict)
    ]


@pytest.mark.parametrize("language", list(Language))
def test_every_rule_finds_and_misses_what_it_says(language: Language) -> None:
    assert pack(language).kinds.phrases
    for part, name in _rules(language):
        stored = _stored(language)
        rule = stored[part][name]
        rule["finds"], rule["misses"] = rule["misses"], rule["finds"]
        with pytest.raises(ValidationError, match=rf"{part}\.{re.escape(name)}\n"):
            Pack.model_validate(stored)


def test_a_rule_without_an_example_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a text that it finds and one that it misses"):
        check_examples(re.compile("x"), ["x"], [])


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_a_pack_with_a_missing_or_an_unknown_rule_is_refused_and_the_rule_named(change: str) -> None:
    stored = _stored(Language.KO)
    stored["overview"] = (
        {} if change == "missing" else stored["overview"] | {"other": stored["overview"]["asks"]}
    )
    with pytest.raises(ValidationError, match=r"overview\.(asks|other)"):
        Pack.model_validate(stored)


def test_a_kind_of_figure_is_told_by_examples_of_its_own() -> None:
    stored = _stored(Language.EN)
    stored["kinds"]["nouns"][0]["misses"] = ["the price of chips"]
    with pytest.raises(ValidationError, match="finds 'the price of chips'"):
        Pack.model_validate(stored)
