"""The core: pure functions and thin I/O that the other packages build on; imports nothing above itself."""
