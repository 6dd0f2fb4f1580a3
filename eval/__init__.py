"""Evaluation: cases, runs, metrics, reports and benchmarks."""
