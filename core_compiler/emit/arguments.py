"""Arguments as events hold them."""

from __future__ import annotations

import msgspec

from core_compiler.ir import (
    RETURN_VALUE,
    Apply,
    Argument,
    Concat,
    DictOf,
    Item,
    ListOf,
    Literal,
    Output,
    Parameter,
    SetOf,
    Template,
    TupleOf,
    Zip,
)


def argument_json(argument: Argument) -> dict[str, object]:
    """One argument, tagged by its form."""
    match argument:
        case Literal(value):
            return {"value": value}
        case Output(task, key, optional, listed):
            read: dict[str, object] = {"task": task}
            read |= {} if key == RETURN_VALUE else {"key": key}
            read |= {"listed": True} if listed else {}
            return {"output": read | ({"optional": True} if optional else {})}
        case Item(name):
            return {"item": name}
        case Apply(source, callables):
            return {"apply": {"source": argument_json(source), "callables": list(callables)}}
        case Zip(sources, fill):
            both: dict[str, object] = {"sources": [argument_json(source) for source in sources]}
            return {"zip": both | ({} if fill is None else {"fill": argument_json(fill)})}
        case Concat(sources):
            return {"concat": [argument_json(source) for source in sources]}
        case ListOf(items):
            return {"list": [argument_json(item) for item in items]}
        case SetOf(items):
            return {"set": [argument_json(item) for item in items]}
        case TupleOf(items):
            return {"tuple": [argument_json(item) for item in items]}
        case DictOf(items):
            return {"dict": {key: argument_json(item) for key, item in items.items()}}
        case Template(text, file, native):
            marks: dict[str, object] = {"file": file} if file else {}
            return {"template": {"text": text, **marks, **({"native": True} if native else {})}}
        case Parameter(name, default):
            return {"parameter": {"name": name} | ({} if default is msgspec.UNSET else {"default": default})}
