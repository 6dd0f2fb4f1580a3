"""Prompts and fixed phrases, as text files; see README.md beside them."""
