"""The inside of the loader, run by the user's interpreter: standard library, luigi and what ships with machines."""
