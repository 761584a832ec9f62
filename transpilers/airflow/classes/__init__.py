"""Airflow's operator classes as facts: where each is defined now, what it takes, which of its fields are rendered."""

from transpilers.airflow.classes.table import OperatorClass, canonical, operator_class

__all__ = ["OperatorClass", "canonical", "operator_class"]
