"""Which figure answers: readers give each candidate a probability, and one to none of them.

``measures`` reads by code; ``pool`` says of its reading whether to state, to quote or to refuse.
"""
