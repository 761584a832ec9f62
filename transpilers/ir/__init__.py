"""Neutral JSON: workflows written by hand or by another system."""
