"""How each kind of answer is made."""
