"""The inside of the live loader, run by the interpreter that has Airflow: standard library and Airflow only.

Put on the path as a package of its own, so its name is one that no DAG file's helper module has.
"""
