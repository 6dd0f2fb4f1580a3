"""Plans an answer, builds it, and keeps its record."""
