"""Results as tables, plots and one HTML file."""
