"""The live loader: Airflow itself reads the file, in a subprocess, and tells what it saw."""
