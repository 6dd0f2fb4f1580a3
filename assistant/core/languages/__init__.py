"""Language-specific rules, one folder per language; a new language needs a new folder."""

from assistant.core.languages.language import Language
from assistant.core.languages.pack import KindRule, Kinds, Pack, load_table, pack

__all__ = ["KindRule", "Kinds", "Language", "Pack", "load_table", "pack"]
