"""How each kind of answer is built."""
