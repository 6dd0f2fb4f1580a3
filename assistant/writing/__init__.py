"""Prompts, sentences, and the check that every written sentence has to pass."""
