"""The command `transpile`: one command a file, and the only place that wires importer, compiler and output."""
