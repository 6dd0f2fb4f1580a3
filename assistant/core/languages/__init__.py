"""What is particular to a language, one folder each; a language more is a folder more."""

from assistant.core.languages.language import Language
from assistant.core.languages.pack import KindRule, Kinds, Pack, load_table, pack

__all__ = ["KindRule", "Kinds", "Language", "Pack", "load_table", "pack"]
