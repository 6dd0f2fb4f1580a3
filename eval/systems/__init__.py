"""What answers the cases: this product, and what else could be used."""
