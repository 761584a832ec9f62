"""Importers, and everything a person or another program calls."""
