"""Prints who catches which broken machine: `PYTHONPATH=tests python -m support.matrix`."""

from __future__ import annotations

from support.machines.suite import BROKEN, GOOD
from support.validators import VALIDATORS

from core_compiler.asl.lint import lint
from core_compiler.diagnostics import Sink

COLUMNS = (*VALIDATORS, "ours")


def main() -> None:
    """One row a broken machine, then the totals and the false alarms on the good ones."""
    broken = [machine.definition for machine in BROKEN]
    caught = {name: [bool(found) for found in ask(broken)] for name, ask in VALIDATORS.items()}
    caught["ours"] = [_lint(definition) for definition in broken]
    good = list(GOOD.values())
    alarms = {name: sum(map(bool, ask(good))) for name, ask in VALIDATORS.items()} | {"ours": sum(map(_lint, good))}

    width = max(len(machine.fault) for machine in BROKEN)
    row = f"{{:{width}}}  {{:5}}" + "  {:>13}" * len(COLUMNS)
    print(row.format("fault", "rule", *COLUMNS))
    for index, machine in enumerate(BROKEN):
        print(row.format(machine.fault, machine.code, *("x" if caught[name][index] else "" for name in COLUMNS)))
    print(row.format(f"caught of {len(BROKEN)}", "", *(sum(caught[name]) for name in COLUMNS)))
    print(row.format(f"false alarms on {len(GOOD)} good machines", "", *(alarms[name] for name in COLUMNS)))
    alone = sum(not any(caught[name][index] for name in VALIDATORS) for index in range(len(BROKEN)))
    print(f"caught by ours alone: {alone}")


def _lint(definition: dict[str, object]) -> bool:
    sink = Sink()
    lint(definition, sink)
    return bool(sink.diagnostics)


if __name__ == "__main__":
    main()
