"""Question analysis: expected answer type, names, publication period, and what a follow-up refers to."""
