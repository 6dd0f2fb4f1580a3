"""Ingestion: from files to stored passages, figures and vectors."""
