"""Chooses the answer: readers assign a probability to each candidate and to "none of them".

``measures`` is the feature-based reader, ``trained`` the neural one that supplies some of its features;
``pool`` adds the language model's vote and holds the result against the thresholds; what follows from that is decided
by ``assistant.answering.plan``.
"""
