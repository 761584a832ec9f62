"""Quotas of Step Functions and Lambda that a compiled machine has to keep (facts of the service, November 2026)."""

DEFINITION_BYTES = 1_048_576
PAYLOAD_BYTES = 262_144
HISTORY_EVENTS = 25_000
STATE_NAME_CHARACTERS = 80
MACHINE_NAME_CHARACTERS = 80
LAMBDA_SECONDS = 900
#: Iterations of an inline Map at once.
INLINE_MAP_CONCURRENCY = 40

#: Items of any Map whose items are indices: they are state data.
MAP_ITEMS = 40_000

#: History events of one state that succeeds at once (Standard workflows).
TASK_EVENTS = 5
TOKEN_TASK_EVENTS = 6
PARALLEL_EVENTS = 4
#: A state that starts another execution and waits for it: entered, scheduled, started, submitted, succeeded, exited.
CHILD_EVENTS = 6
#: Failed (or timed out), scheduled and started again.
RETRY_EVENTS = 3
#: The same for a state that waits with a token, which is submitted again too.
TOKEN_RETRY_EVENTS = 4
PASS_EVENTS = 2
MAP_EVENTS = 4
ITERATION_EVENTS = 2
#: In the history of the execution that starts it, with the two of its run; its children have their own.
DISTRIBUTED_MAP_EVENTS = 6
#: ExecutionStarted and ExecutionSucceeded.
EXECUTION_EVENTS = 2

#: Dollars for 1,000 state transitions of a Standard workflow, retries counted (us-east-1).
DOLLARS_PER_1000_TRANSITIONS = 0.025
