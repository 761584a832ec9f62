"""Luigi task trees to workflows."""
