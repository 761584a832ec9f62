"""Writes the table of operator classes from sources: `python -m transpilers.airflow.classes.generate FOLDER...`

    python -m transpilers.airflow.classes.generate --older FOLDER...

adds what the table does not have yet: classes that newer versions no longer have, and those of other providers.

Each folder holds packages as installed or unpacked: `airflow/...` or `src/airflow/...`. Nothing of them is imported.
Facts: class statements with their literals, the tables of deprecated names that Airflow's own packages carry
(`__deprecated_classes`, `__lazy_imports`), and the versions in their metadata.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Set
from pathlib import Path

import msgspec

from transpilers.airflow.classes.resolution import resolution
from transpilers.airflow.classes.table import TABLE, Row, Table, table

ROOTS = ("BaseOperator", "BaseSensorOperator", "DecoratedOperator", "BaseAsyncOperator", "SkipMixin")
SDK = {
    "BaseOperator": "airflow.sdk.bases.operator.BaseOperator",
    "BaseAsyncOperator": "airflow.sdk.bases.operator.BaseAsyncOperator",
    "BaseSensorOperator": "airflow.sdk.bases.sensor.BaseSensorOperator",
    "PokeReturnValue": "airflow.sdk.bases.sensor.PokeReturnValue",
    "DecoratedOperator": "airflow.sdk.bases.decorator.DecoratedOperator",
    "BaseBranchOperator": "airflow.sdk.bases.branch.BaseBranchOperator",
    "BranchMixIn": "airflow.sdk.bases.branch.BranchMixIn",
}
#: Names of Airflow 1.10 and 2 that no table of Airflow's carries.
OLD = {
    "airflow.operators.bash_operator.BashOperator": "airflow.operators.bash.BashOperator",
    "airflow.operators.dummy.DummyOperator": "airflow.operators.empty.EmptyOperator",
    "airflow.operators.dummy_operator.DummyOperator": "airflow.operators.empty.EmptyOperator",
    "airflow.operators.email_operator.EmailOperator": "airflow.operators.email.EmailOperator",
    "airflow.operators.BashOperator": "airflow.operators.bash.BashOperator",
    "airflow.operators.PythonOperator": "airflow.operators.python.PythonOperator",
    "airflow.operators.DummyOperator": "airflow.operators.empty.EmptyOperator",
    "airflow.operators.sensors.ExternalTaskSensor": "airflow.sensors.external_task.ExternalTaskSensor",
    "airflow.models.BaseOperator": SDK["BaseOperator"],
    "airflow.models.baseoperator.BaseOperator": SDK["BaseOperator"],
    "airflow.sensors.base.BaseSensorOperator": SDK["BaseSensorOperator"],
    "airflow.sensors.base_sensor_operator.BaseSensorOperator": SDK["BaseSensorOperator"],
    "airflow.operators.python.PythonSensor": "airflow.sensors.python.PythonSensor",
    "airflow.providers.standard.operators.branch.BaseBranchOperator": SDK["BaseBranchOperator"],
}
STANDARD = "airflow.providers.standard.decorators"
KUBERNETES = "airflow.providers.cncf.kubernetes.decorators"
#: The class that each decorator makes tasks of.
DECORATORS = {
    "task": f"{STANDARD}.python._PythonDecoratedOperator",
    "task.python": f"{STANDARD}.python._PythonDecoratedOperator",
    "task.bash": f"{STANDARD}.bash._BashDecoratedOperator",
    "task.branch": f"{STANDARD}.branch_python._BranchPythonDecoratedOperator",
    "task.branch_external_python": f"{STANDARD}.branch_external_python._BranchExternalPythonDecoratedOperator",
    "task.branch_virtualenv": f"{STANDARD}.branch_virtualenv._BranchPythonVirtualenvDecoratedOperator",
    "task.external_python": f"{STANDARD}.external_python._PythonExternalDecoratedOperator",
    "task.virtualenv": f"{STANDARD}.python_virtualenv._PythonVirtualenvDecoratedOperator",
    "task.sensor": f"{STANDARD}.sensor.DecoratedSensorOperator",
    "task.short_circuit": f"{STANDARD}.short_circuit._ShortCircuitDecoratedOperator",
    "task.stub": f"{STANDARD}.stub._StubOperator",
    "task.docker": "airflow.providers.docker.decorators.docker._DockerDecoratedOperator",
    "task.kubernetes": f"{KUBERNETES}.kubernetes._KubernetesDecoratedOperator",
    "task.kubernetes_cmd": f"{KUBERNETES}.kubernetes_cmd._KubernetesCmdDecoratedOperator",
    "task.sql": "airflow.providers.common.sql.decorators.sql._SQLDecoratedOperator",
    "task.analytics": "airflow.providers.common.sql.decorators.analytics._AnalyticsDecoratedOperator",
    "task.pyspark": "airflow.providers.apache.spark.decorators.pyspark._PySparkDecoratedOperator",
    "task.snowpark": "airflow.providers.snowflake.decorators.snowpark._SnowparkDecoratedOperator",
}
#: Parts of paths below which there is nothing to import.
SKIPPED = {"example_dags", "examples", "tests", "_vendor", "dags"}
Found = dict[str, tuple[Path, ast.ClassDef, dict[str, str]]]


def main(folders: list[str]) -> None:
    """Write the table."""
    if folders[:1] == ["--older"]:
        _add(folders[1:])
        return
    files = [(name, path) for folder in folders for name, path in _modules(Path(folder))]
    trees = [(name, path, ast.parse(path.read_bytes())) for name, path in files]
    moved = dict(OLD)
    for name, _, tree in trees:
        moved |= _deprecated(name, tree)
    moved |= {f"airflow.sdk.{short}": full for short, full in SDK.items()}
    classes: Found = {}
    for name, path, tree in trees:
        imports = _imports(name, path, tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and f"{name}.{node.name}" not in moved:
                classes[f"{name}.{node.name}"] = (path, node, imports)
    rows = _rows(classes, moved)
    ends = {old: _end(old, moved, rows) for old in moved}
    kept = {old: new for old, new in sorted(ends.items()) if new != old and ".hooks." not in new}
    made = Table(_versions(folders), kept, DECORATORS, dict(sorted(rows.items())))
    _write(made)


def _add(folders: list[str]) -> None:
    """Classes under names that the table does not know; the first folder that has one tells."""
    known = table()
    added: dict[str, Row] = {}
    sources: dict[str, str] = {}
    for folder in folders:
        classes: Found = {}
        for path in sorted(Path(folder).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if not SKIPPED & set(parts):
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                classes |= _classes(name, path, known.moved)
        rows = _rows(classes, known.moved, {*known.classes, *added})
        new = {name: row for name, row in rows.items() if name not in known.classes and name not in added}
        added |= new
        if new:
            sources |= {f"{name} {version}": version for name, version in _versions([folder], "").items()}
    moved = dict(known.moved)
    rows = {**known.classes, **added}
    _write(Table({**known.sources, **sources}, moved, known.decorators, dict(sorted(rows.items()))))


def _classes(name: str, path: Path, moved: dict[str, str]) -> Found:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:
        return {}
    imports = _imports(name, path, tree)
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and f"{name}.{node.name}" not in moved]
    return {f"{name}.{node.name}": (path, node, imports) for node in found}


def _write(made: Table) -> None:
    TABLE.write_text(_lines(made))
    print(f"{len(made.classes)} classes, {len(made.moved)} old names, {TABLE.stat().st_size:,} bytes")


def _lines(made: Table) -> str:
    """JSON with a row a line."""
    parts: list[str] = []
    for part in ("sources", "moved", "decorators", "classes"):
        rows: dict[str, object] = getattr(made, part)
        lines = [f"  {json.dumps(name)}: {msgspec.json.encode(row).decode()}" for name, row in rows.items()]
        parts.append(f" {json.dumps(part)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _modules(folder: Path) -> Iterator[tuple[str, Path]]:
    for base in (folder, folder / "src"):
        for path in sorted((base / "airflow").rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            if "example_dags" not in parts and "tests" not in parts and "_vendor" not in parts:
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def _deprecated(name: str, tree: ast.Module) -> dict[str, str]:
    """Rows of the tables of old names in one module."""
    found: dict[str, str] = {}
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        value = getattr(node, "value", None)
        if not isinstance(value, ast.Dict) or not any("deprecated_classes" in each for each in names):
            continue
        for module, inner in zip(value.keys, value.values, strict=True):
            if isinstance(module, ast.Constant) and isinstance(inner, ast.Dict):
                for old, new in zip(inner.keys, inner.values, strict=True):
                    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant):
                        full = f"{module.value}.{old.value}"
                        found[full if full.startswith("airflow.") else f"{name}.{full}"] = str(new.value)
    return found


def _imports(name: str, path: Path, tree: ast.Module) -> dict[str, str]:
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for each in node.names:
                found.setdefault(each.asname or each.name, f"{module}.{each.name}")
        elif isinstance(node, ast.ClassDef):
            found[node.name] = f"{name}.{node.name}"
    return found


def _base(expression: ast.expr, imports: dict[str, str], moved: dict[str, str], classes: Found) -> str:
    text = ast.unparse(expression.value if isinstance(expression, ast.Subscript) else expression)
    first, _, rest = text.partition(".")
    full = imports.get(first, first) + (f".{rest}" if rest else "")
    full = _end(full, moved, classes)
    short = full.rpartition(".")[2]
    if full not in classes and short in SDK:
        return SDK[short]
    return full


def _end(name: str, moved: dict[str, str], known: object) -> str:
    seen: set[str] = set()
    while name in moved and name not in seen:
        seen.add(name)
        name = moved[name]
    return name


def _rows(classes: Found, moved: dict[str, str], known: Set[str] = frozenset()) -> dict[str, Row]:
    bases = {
        name: tuple(_base(base, imports, moved, classes) for base in node.bases)
        for name, (_, node, imports) in classes.items()
    }
    operators = {full for short, full in SDK.items() if short.endswith("Operator")} | known
    while True:
        more = {name for name, above in bases.items() if name not in operators and operators & set(above)}
        if not more:
            break
        operators |= more
    rows: dict[str, Row] = {}
    for name in operators & set(classes):
        _, node, _ = classes[name]
        fields, unknown = _fields(node, name, bases, classes)
        parameters = _parameters(node)
        inside = tuple(base for base in bases[name] if base in operators)
        rows[name] = Row(inside, fields, parameters, unknown)
    return rows


def _parameters(node: ast.ClassDef) -> tuple[str, ...]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            given = item.args
            return tuple(each.arg for each in (*given.posonlyargs, *given.args[1:], *given.kwonlyargs))
    return ()


def _fields(
    node: ast.ClassDef, name: str, bases: dict[str, tuple[str, ...]], classes: Found
) -> tuple[tuple[str, ...] | None, bool]:
    for item in node.body:
        targets = (
            item.targets if isinstance(item, ast.Assign) else [item.target] if isinstance(item, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == "template_fields" for target in targets):
            value = getattr(item, "value", None)
            if value is None:
                continue
            found = _strings(value, node, name, bases, classes)
            return (None, True) if found is None else (tuple(dict.fromkeys(found)), False)
    return None, False


def _strings(
    value: ast.expr, node: ast.ClassDef, name: str, bases: dict[str, tuple[str, ...]], classes: Found
) -> list[str] | None:
    """The strings of an expression over literals and other classes' fields."""

    def several(parts: list[ast.expr]) -> list[str] | None:
        found = [_strings(part, node, name, bases, classes) for part in parts]
        whole = [each for each in found if each is not None]
        return [text for each in whole for text in each] if len(whole) == len(found) else None

    match value:
        case ast.Constant(str() as text):
            return [text]
        case ast.Tuple(parts) | ast.List(parts) | ast.Set(parts):
            return several(parts)
        case ast.Starred(inner):
            return _strings(inner, node, name, bases, classes)
        case ast.BinOp(left, ast.Add() | ast.BitOr(), right):
            return several([left, right])
        case ast.Call(ast.Name("tuple" | "list" | "set" | "sorted" | "aws_template_fields"), args):
            extra = (
                ["aws_conn_id", "region_name", "verify"]
                if getattr(value.func, "id", "") == "aws_template_fields"
                else []
            )
            found = several(args)
            return [*extra, *found] if found is not None else None
        case ast.Attribute(ast.Name(other), "template_fields"):
            _, _, imports = classes[name]
            full = imports.get(other, other)
            return _inherited(full if full in classes else _named(other, bases[name]), bases, classes)
        case _:
            return None


def _named(short: str, above: tuple[str, ...]) -> str:
    return next((name for name in above if name.rpartition(".")[2] == short), short)


def _inherited(name: str, bases: dict[str, tuple[str, ...]], classes: Found) -> list[str] | None:
    if name not in classes:
        return [] if name.rpartition(".")[2] in ROOTS else None
    for each in resolution(name, lambda one: bases.get(one, ())):
        if each not in classes or each.rpartition(".")[2] == "BaseOperator":
            continue
        fields, unknown = _fields(classes[each][1], each, bases, classes)
        if unknown:
            return None
        if fields is not None:
            return list(fields)
    return []


def _versions(folders: list[str], within: str = "airflow") -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in folders:
        for path in sorted([*Path(folder).glob("*.dist-info/METADATA"), *Path(folder).glob("PKG-INFO")]):
            text = path.read_text(errors="replace")
            name, version = (re.search(rf"^{field}: (.+)$", text, re.M) for field in ("Name", "Version"))
            if name and version and within in name.group(1):
                found[name.group(1)] = version.group(1)
    return dict(sorted(found.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
