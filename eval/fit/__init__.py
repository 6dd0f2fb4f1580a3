"""Fits what is stored as data: weights, thresholds, directions."""
