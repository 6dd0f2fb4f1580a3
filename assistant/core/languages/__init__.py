"""Language-specific rules, one folder per language; ``docs/extending.md`` says what else a new language needs."""

from assistant.core.languages.language import Language
from assistant.core.languages.pack import KindRule, Kinds, Pack, load_table, pack

__all__ = ["KindRule", "Kinds", "Language", "Pack", "load_table", "pack"]
