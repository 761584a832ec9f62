"""The embedded engine: a machine runs on this computer, with the real handler, before anything is deployed."""
