"""The loader: Luigi itself makes the tasks and says what they require, in a subprocess."""
