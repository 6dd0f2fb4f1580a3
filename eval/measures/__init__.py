"""Metrics of the answers, with intervals."""
