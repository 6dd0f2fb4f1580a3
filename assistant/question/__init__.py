"""What is asked: the kind of figure, the names, the period, and what a follow-up refers to."""
