"""The core: pure functions and thin edges that the other packages stand on; imports nothing above itself."""
