"""Which fields the parts of a definition have, in JSONata.

Source: Amazon States Language (states-language.net) and the Step Functions developer guide. Fields of JSONPath are not
here: the rule `jsonpath` names them.
"""

from __future__ import annotations

from collections.abc import Mapping

_FLOW = frozenset({"Assign", "Output", "Next", "End"})
_GUARDED = _FLOW | {"Retry", "Catch", "Arguments"}
COMMON = frozenset({"Type", "Comment", "QueryLanguage"})
#: By type of state, beside COMMON.
STATE_FIELDS: Mapping[str, frozenset[str]] = {
    "Task": _GUARDED | {"Resource", "Credentials", "TimeoutSeconds", "HeartbeatSeconds"},
    "Parallel": _GUARDED | {"Branches"},
    "Map": (_GUARDED - {"Arguments"})
    | {"ItemProcessor", "Items", "ItemReader", "ItemSelector", "ItemBatcher", "ResultWriter", "MaxConcurrency"}
    | {"ToleratedFailureCount", "ToleratedFailurePercentage", "Label"},
    "Pass": _FLOW,
    "Wait": _FLOW | {"Seconds", "Timestamp"},
    "Choice": frozenset({"Choices", "Default", "Assign", "Output"}),
    "Succeed": frozenset({"Output"}),
    "Fail": frozenset({"Error", "Cause"}),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Task": ("Resource",),
    "Parallel": ("Branches",),
    "Map": ("ItemProcessor",),
    "Choice": ("Choices",),
}
#: For the entries of these arrays: what they need, and what they may have beside.
ENTRIES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Choices": (frozenset({"Condition", "Next"}), frozenset({"Assign", "Output", "Comment"})),
    "Catch": (frozenset({"ErrorEquals", "Next"}), frozenset({"Assign", "Output", "Comment"})),
    "Retry": (
        frozenset({"ErrorEquals"}),
        frozenset({"IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"}),
    ),
}
MACHINE_FIELDS = frozenset({"QueryLanguage", "Comment", "StartAt", "States", "TimeoutSeconds", "Version"})
BRANCH_FIELDS = frozenset({"Comment", "StartAt", "States"})
ITERATION_FIELDS = BRANCH_FIELDS | {"ProcessorConfig"}
#: States that go on by Next or end by End.
GOING_ON = frozenset({"Task", "Parallel", "Map", "Pass", "Wait"})
