"""Verification: the source engine and the machine run side by side in sandboxes, and every difference is told."""
