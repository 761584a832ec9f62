"""The trigger rules as JSONata, for tasks that no handler decides: the same answers as `handler.rules.decide`.

`tests/core/test_conditions.py` holds both equal over every combination of statuses.
"""

from __future__ import annotations

from core_compiler.ir import TriggerRule

_COUNTS = {
    "success": "$success",
    "failed": "$failed",
    "skipped": "$skipped",
    "upstream_failed": "$upstreamFailed",
    "removed": "$removed",
    "none": "$none",
}
_BROKEN = "$failed + $upstreamFailed > 0"
_ALL_SKIPPED = "$skipped = $upstream"

#: The answer once all upstream tasks are done, or, of the rules that can be decided before, at any time.
_ANSWERS = {
    TriggerRule.ALL_SUCCESS: f"{_BROKEN} ? 'upstream_failed' : $skipped > 0 ? 'skipped' : 'run'",
    TriggerRule.ALL_FAILED: "$success + $skipped > 0 ? 'skipped' : 'run'",
    TriggerRule.ALL_DONE: "'run'",
    TriggerRule.ALL_DONE_MIN_ONE_SUCCESS: "$skipped > 0 ? 'skipped' : $success > 0 ? 'run' : 'upstream_failed'",
    TriggerRule.ALL_DONE_SETUP_SUCCESS: (
        "$setups = 0 or $setupSuccess > 0 ? 'run' : $setupSkipped = $setups ? 'skipped' : 'upstream_failed'"
    ),
    TriggerRule.ONE_SUCCESS: (
        f"$success > 0 ? 'run' : $none > 0 ? 'wait' : {_ALL_SKIPPED} ? 'skipped' : 'upstream_failed'"
    ),
    TriggerRule.ONE_FAILED: f"{_BROKEN} ? 'run' : $none > 0 ? 'wait' : 'skipped'",
    TriggerRule.ONE_DONE: "$success + $failed > 0 ? 'run' : $none > 0 ? 'wait' : 'skipped'",
    TriggerRule.NONE_FAILED: f"{_BROKEN} ? 'upstream_failed' : 'run'",
    TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS: (
        f"{_BROKEN} ? 'upstream_failed' : {_ALL_SKIPPED} ? 'skipped' : $success > 0 ? 'run' : 'upstream_failed'"
    ),
    TriggerRule.NONE_SKIPPED: "$skipped > 0 ? 'skipped' : 'run'",
    TriggerRule.ALL_SKIPPED: (f"$success > 0 or {_BROKEN} ? 'skipped' : $removed > 0 ? 'upstream_failed' : 'run'"),
    TriggerRule.ALWAYS: "'run'",
}
_EARLY = frozenset({TriggerRule.ONE_SUCCESS, TriggerRule.ONE_FAILED, TriggerRule.ONE_DONE, TriggerRule.ALWAYS})


def decision(rule: TriggerRule, statuses: str, setups: str = "[]") -> str:
    """JSONata for what becomes of a task: run, skipped, upstream_failed or wait.

    `statuses` and `setups` are JSONata for arrays of the statuses of all direct upstream tasks, and of the setups among
    them; `none` is one that is not done. Of a task that is no item of a mapped one.
    """
    if rule is TriggerRule.ALWAYS:
        return "'run'"
    answer = _ANSWERS[rule]
    if rule not in _EARLY:
        answer = f"$none > 0 ? 'wait' : ({answer})"
    bound = [f"$all := {statuses}", "$upstream := $count($all)"]
    bound += [f"{name} := $count($all[$ = '{status}'])" for status, name in _COUNTS.items() if name in answer]
    if rule is TriggerRule.ALL_DONE_SETUP_SUCCESS:
        bound += [f"$before := {setups}", "$setups := $count($before)"]
        bound += [f"$setup{word.title()} := $count($before[$ = '{word}'])" for word in ("success", "skipped")]
    return f"({'; '.join(bound)}; $upstream = 0 ? 'run' : ({answer}))"
