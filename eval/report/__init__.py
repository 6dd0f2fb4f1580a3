"""Results as tables, plots and a single HTML file."""
