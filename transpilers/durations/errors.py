"""What is raised where durations cannot be read."""


class DurationsError(Exception):
    """Durations that cannot be read; the message says why."""
