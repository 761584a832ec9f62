"""Amazon States Language: typed states, JSONata, limits and the lint. Knows nothing of the IR."""
