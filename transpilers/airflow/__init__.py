"""Airflow DAG files: two producers of one wire format (`call`), and its lowering to the neutral IR."""
