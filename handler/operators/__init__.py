"""What the user's own operator classes stand on in the place of Airflow's `BaseOperator`."""
