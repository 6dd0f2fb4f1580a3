"""Prompts, answer sentences, and the verifier that every sentence a model writes has to pass."""
