"""One operator family a file: from a call to a component of the IR."""
