"""What the classes of an Airflow take: asked of its own signatures, by the interpreter that has it.

    PYTHON signatures.py [CLASS ...]

Prints one line of JSON. Standard library and Airflow alone; run by versions 2.11 and 3.
"""

import importlib
import inspect
import json
import sys
import warnings


def main(operators):
    warnings.simplefilter("ignore")
    import airflow

    major = 2 if airflow.__version__.startswith("2.") else 3
    where = {
        2: (
            "airflow.models.dag.DAG",
            "airflow.models.baseoperator.BaseOperator",
            "airflow.utils.task_group.TaskGroup",
            "airflow.utils.trigger_rule.TriggerRule",
            "airflow.utils.context.KNOWN_CONTEXT_KEYS",
        ),
        3: (
            "airflow.sdk.DAG",
            "airflow.sdk.BaseOperator",
            "airflow.sdk.TaskGroup",
            "airflow.sdk.TriggerRule",
            "airflow.sdk.definitions.context.KNOWN_CONTEXT_KEYS",
        ),
    }[major]
    dag, base, group, rules, context = map(_load, where)
    classes = {name: cls for name in operators if (cls := _load(name))}
    said = {
        "version": airflow.__version__,
        "base": _constructors(base, base),
        "operators": {name: _constructors(cls, base) for name, cls in classes.items()},
        "rendered": {name: [list(cls.template_fields), list(cls.template_ext)] for name, cls in classes.items()},
        "dag": _made(dag),
        "group": _made(group),
        "context": sorted(context),
        "rules": [rule.value for rule in rules],
    }
    print(json.dumps(said))


def _load(name):
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        return None


def _constructors(cls, base):
    """The parameters of all constructors of an operator."""
    found = set()
    for one in cls.__mro__:
        if issubclass(one, base) and "__init__" in vars(one):
            found |= set(inspect.signature(vars(one)["__init__"]).parameters)
    return sorted(found)


def _made(cls):
    """The parameters of a DAG or a group, which are attrs classes in version 3."""
    try:
        import attr

        return [field.alias or field.name for field in attr.fields(cls) if field.init]
    except Exception:
        return list(inspect.signature(cls.__init__).parameters)


if __name__ == "__main__":
    main(sys.argv[1:])
