"""What is known of libraries: names of Airflow, the standard library's plain functions, dates, files below the root."""
