"""What would become of a tree of DAG files: read, lowered and counted, with nothing of them run."""
