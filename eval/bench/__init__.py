"""Benchmarks of individual components."""
