"""Airflow's operator classes as facts: where each is defined now, what it takes, which of its fields are rendered."""

from transpilers.airflow.classes.table import OperatorClass, canonical, decorator_class, operator_class

__all__ = ["OperatorClass", "canonical", "decorator_class", "operator_class"]
