"""What answers are worth, with intervals."""
