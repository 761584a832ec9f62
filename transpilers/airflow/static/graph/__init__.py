"""Airflow's model of a graph, as a DAG file builds it: nodes, edges, groups, decorators, mapping."""
