"""What a task can run, one component a module: `run(call)` returns the task's value."""
