"""Settings of the whole suite."""

from hypothesis import settings

# No test judges times, an example's included: the machine may be busy with others.
settings.register_profile("stepweave", deadline=None, print_blob=True)
settings.load_profile("stepweave")
