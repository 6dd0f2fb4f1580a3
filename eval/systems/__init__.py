"""The systems that answer the cases: this product and its alternatives."""
