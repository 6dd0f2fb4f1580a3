"""Fits the parameters that are stored as data: weights, thresholds and directions."""
