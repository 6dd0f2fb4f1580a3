"""Test cases: where they come from and how they are altered."""
