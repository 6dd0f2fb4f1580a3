"""Finds the passages and sentences that may answer a question, in every language of the archive."""
