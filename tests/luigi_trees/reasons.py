"""Tests of Luigi's that are about something a machine does not have, by the beginning of their names."""

_WORKERS = "several workers of one scheduler: a machine has neither"
_STAYS = "how long a worker stays, and what it is told meanwhile"
_BATCH = "tasks of a batch run one by one (SW817)"
_VANISHES = (
    "an output vanishes between scheduling and running: Luigi makes it again, the machine fails the task that needs it "
    "and names it"
)
_KILLS = "kills its own process, which is the test's here; tests/luigi_trees/test_external.py kills a real one"
_RETRY, _WORKER = "worker_test.PerTaskRetryPolicyBehaviorTest.", "worker_test.WorkerTest."
_SUMMARY = "execution_summary_test.ExecutionSummaryTest."

NOT_JUDGED: dict[str, str] = {
    "worker_test.AssistantTest": "an assistant takes the tasks of a central scheduler",
    "worker_test.KeyboardInterruptBehaviorTest": "about Ctrl-C in Luigi's own process",
    "worker_task_test.TaskProcessTest.test_cleanup_children_on_terminate": "ends the processes that a task has started",
    "worker_test.MultipleWorkersTest.test_kill_worker": _KILLS,
    "worker_test.MultipleWorkersTest.test_term_worker": _KILLS,
    "worker_test.MultipleWorkersTest.test_zero_workers": "a worker that runs nothing",
    f"{_RETRY}test_per_task_disable_persist": "a scheduler that remembers failures between runs (SW816)",
    f"{_RETRY}test_with_all_disabled_with_multiple_worker": _WORKERS,
    f"{_RETRY}test_with_dynamic_dependencies_with_multiple_workers": _WORKERS,
    f"{_RETRY}test_with_includes_success_with_multiple_worker": _WORKERS,
    "worker_test.TaskLimitTest.test_task_limit_exceeded": "a limit on how many tasks a worker looks at",
    "worker_test.WorkerDisabledTest": _STAYS,
    "worker_test.WorkerEmailTest": "about e-mails: a machine sends none",
    "worker_test.WorkerInterruptedTest": _STAYS,
    "worker_test.WorkerKeepAliveTests": _STAYS,
    f"{_WORKER}test_allow_reschedule_with_many_missing_deps": _VANISHES,
    f"{_WORKER}test_unfulfilled_dep": _VANISHES,
    f"{_WORKER}test_cache_task_completion_config": "cache_task_completion saves calls of complete(); there is no cache",
    f"{_WORKER}test_die_for_non_unique_pending": _WORKERS,
    f"{_WORKER}test_interleaved_workers3": _WORKERS,
    f"{_WORKER}test_unknown_dep": _WORKERS,
    f"{_WORKER}test_fail_max_batch_job": _BATCH,
    f"{_WORKER}test_gracefully_handle_batch_method_failure": _BATCH,
    f"{_WORKER}test_post_error_message_for_failed_batch_methods": _BATCH,
    f"{_WORKER}test_run_batch_job_limit_batch_size": _BATCH,
    f"{_WORKER}test_run_csv_batch_job": _BATCH,
    f"{_WORKER}test_run_max_batch_job": _BATCH,
    f"{_WORKER}test_tracking_url": "the scheduler's page shows it; with a machine it goes to the task's log",
    f"{_SUMMARY}test_already_running": _WORKERS,
    f"{_SUMMARY}test_happy_smiley_face_other_workers": _WORKERS,
    f"{_SUMMARY}test_not_run_error": "a scheduler that takes no task",
    f"{_SUMMARY}test_not_run": _WORKERS,
    f"{_SUMMARY}test_somebody_else": _WORKERS,
    f"{_SUMMARY}test_batch_fail": _BATCH,
}
