"""Evaluation data that ships with the program: cases, labels and the baseline."""
