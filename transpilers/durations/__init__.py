"""How long tasks took: read from files, from runs, and from a source engine's own records."""
