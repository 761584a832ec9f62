"""Changes to the text of what is taken along; each keeps all other formatting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
from libcst import metadata

from transpilers.code.annotations import names_in
from transpilers.code.imports import STAR, absolute
from transpilers.code.source import Statement

AnyFunction = cst.FunctionDef | cst.ClassDef


def with_imports(
    node: cst.CSTNode, package: str, replacements: Mapping[str, str], wanted: frozenset[str] | None
) -> list[Statement]:
    """Import statements of a statement or module, rewritten: names stood in for, and only the `wanted` at top level.

    Returns the statements; those of the body, for a module.
    """
    changed = node.visit(_Imports(package, replacements, wanted))
    if isinstance(changed, cst.Module):
        return list(changed.body)
    if isinstance(changed, cst.FlattenSentinel):
        return [line for line in changed if isinstance(line, Statement)]
    return [changed] if isinstance(changed, Statement) else []


def without_annotations(node: Statement, names: frozenset[str]) -> Statement:
    """Drop the annotations that name one of `names`; one that a statement cannot do without becomes `object`."""
    if not names:
        return node
    return _statement(node.visit(_Annotations(names)))


def undecorated(node: Statement, dropped: Sequence[bool]) -> Statement:
    """Drop the decorators of a definition for which `dropped`, in their order, is true."""
    if not isinstance(node, AnyFunction) or not any(dropped):
        return node
    kept = [mark for mark, drop in zip(node.decorators, dropped, strict=True) if not drop]
    return node.with_changes(decorators=kept, lines_after_decorators=node.lines_after_decorators if kept else ())


def renamed(node: Statement, names: Mapping[str, str], bound: str = "", own: str = "") -> Statement:
    """Rename the names that a statement looks up outside itself, and `bound`, which it binds, to `own`."""
    changed = {old: new for old, new in names.items() if old != new}
    if changed:
        wrapper = metadata.MetadataWrapper(cst.Module([node]))
        scopes = {scope for scope in wrapper.resolve(metadata.ScopeProvider).values() if scope is not None}
        found = {
            name: changed[name.value]
            for scope in scopes
            for access in scope.accesses
            for name in [_first(access.node)]
            if name and name.value in changed and _is_outer(access)
        }
        node = _statement(wrapper.module.visit(_Replaced(found)).body[0])
    return _bound_as(node, bound, own) if bound != own else node


def text_of(node: Statement, module: cst.Module) -> str:
    """The text of a statement at module level, without blank lines before it; its own comments stay."""
    lines = node.leading_lines
    last_blank = max((at for at, line in enumerate(lines) if line.comment is None), default=-1)
    bare = node.with_changes(leading_lines=lines[last_blank + 1 :])
    return module.with_changes(body=[bare], header=(), footer=()).code.rstrip("\n") + "\n"


def has_blank_before(node: Statement) -> bool:
    """Whether a blank line stands before the statement."""
    lines = node.leading_lines
    return any(line.comment is None for line in lines)


class _Imports(cst.CSTTransformer):
    def __init__(self, package: str, replacements: Mapping[str, str], wanted: frozenset[str] | None) -> None:
        super().__init__()
        self._package = package
        self._replacements = replacements
        self._wanted = wanted

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        split = [part for small in updated_node.body for part in self._rewritten(small)]
        if len(split) == len(updated_node.body) and all(a is b for a, b in zip(split, updated_node.body, strict=True)):
            return updated_node
        if not split:
            return cst.RemoveFromParent()
        first = updated_node.with_changes(body=[_lone(split[0])])
        return cst.FlattenSentinel([first, *(cst.SimpleStatementLine([_lone(part)]) for part in split[1:])])

    def _rewritten(self, small: cst.BaseSmallStatement) -> list[cst.BaseSmallStatement]:
        if isinstance(small, cst.Import):
            kept = [alias for alias in small.names if self._is_wanted(alias)]
            return _with_names(small, kept)
        if not isinstance(small, cst.ImportFrom) or isinstance(small.names, cst.ImportStar):
            return [small]
        module = absolute(_dotted(small.module), len(small.relative), self._package)
        kept = [alias for alias in small.names if self._is_wanted(alias)]
        stand_ins = {alias: self._replacements.get(f"{module}.{alias.evaluated_name}") for alias in kept}
        plain = _with_names(small, [alias for alias in kept if stand_ins[alias] is None])
        return [*plain, *(_stand_in(alias, target) for alias, target in stand_ins.items() if target)]

    def _is_wanted(self, alias: cst.ImportAlias) -> bool:
        bound = alias.evaluated_alias or alias.evaluated_name.partition(".")[0]
        return self._wanted is None or bound in self._wanted or STAR in self._wanted


class _Annotations(cst.CSTTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self._names = names

    def _is_dropped(self, annotation: cst.Annotation | None) -> bool:
        return annotation is not None and bool(self._names & names_in(_code(annotation.annotation)))

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:  # noqa: N802
        if not self._is_dropped(updated_node.annotation):
            return updated_node
        tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        equal = tight if updated_node.default else cst.MaybeSentinel.DEFAULT
        return updated_node.with_changes(annotation=None, equal=equal)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        return updated_node.with_changes(returns=None) if self._is_dropped(updated_node.returns) else updated_node

    def leave_AnnAssign(self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign) -> cst.AnnAssign:  # noqa: N802
        if not self._is_dropped(updated_node.annotation):
            return updated_node
        return updated_node.with_changes(annotation=cst.Annotation(cst.Name("object")))


class _Replaced(cst.CSTTransformer):
    def __init__(self, names: Mapping[cst.Name, str]) -> None:
        super().__init__()
        self._names = names

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802
        return updated_node.with_changes(value=self._names.get(original_node, updated_node.value))


def _first(node: cst.CSTNode) -> cst.Name | None:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def _is_outer(access: metadata.Access) -> bool:
    outer = metadata.GlobalScope | metadata.BuiltinScope
    name = _first(access.node)
    if isinstance(access.scope, metadata.ClassScope) and name and access.scope.assignments[name.value]:
        # A name that a class body binds is looked up in the class, then in the module, never in between.
        return False
    return all(isinstance(assignment.scope, outer) for assignment in access.referents)


def _bound_as(node: Statement, bound: str, own: str) -> Statement:
    """The same statement, binding another name."""
    match node:
        case cst.FunctionDef() | cst.ClassDef():
            return node.with_changes(name=cst.Name(own))
        case cst.SimpleStatementLine(body=[cst.Assign(targets=[target]) as assign]):
            named = target.with_changes(target=cst.Name(own))
            return node.with_changes(body=[assign.with_changes(targets=[named])])
        case cst.SimpleStatementLine(body=[cst.AnnAssign() as assign]):
            return node.with_changes(body=[assign.with_changes(target=cst.Name(own))])
        case cst.SimpleStatementLine(body=[cst.Import() | cst.ImportFrom() as found]):
            space = cst.SimpleWhitespace(" ")
            name = cst.AsName(cst.Name(own), whitespace_before_as=space, whitespace_after_as=space)
            aliases = () if isinstance(found.names, cst.ImportStar) else found.names
            renamed_aliases = [alias.with_changes(asname=name) for alias in aliases]
            return node.with_changes(body=[found.with_changes(names=renamed_aliases)])
        case _:
            raise ValueError(f"nothing here binds {bound}")


def _with_names(node: cst.Import | cst.ImportFrom, kept: Sequence[cst.ImportAlias]) -> list[cst.BaseSmallStatement]:
    names = () if isinstance(node.names, cst.ImportStar) else node.names
    if len(kept) == len(names):
        return [node]
    if not kept:
        return []
    plain = [alias.with_changes(comma=cst.MaybeSentinel.DEFAULT) for alias in kept]
    changes: dict[str, object] = {"names": plain}
    if isinstance(node, cst.ImportFrom):
        changes |= {"lpar": None, "rpar": None}
    return [node.with_changes(**changes)]


def _stand_in(alias: cst.ImportAlias, target: str) -> cst.ImportFrom:
    module, _, name = target.partition(":")
    bound = alias.evaluated_alias or alias.evaluated_name
    tail = f" as {bound}" if bound != name else ""
    line = cst.ensure_type(cst.parse_statement(f"from {module} import {name}{tail}"), cst.SimpleStatementLine)
    return cst.ensure_type(line.body[0], cst.ImportFrom)


def _lone(small: cst.BaseSmallStatement) -> cst.BaseSmallStatement:
    return small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)


def _dotted(node: cst.BaseExpression | None) -> str | None:
    return _code(node).replace(" ", "") if node else None


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _statement(node: object) -> Statement:
    if not isinstance(node, Statement):
        raise TypeError(f"an edit made {type(node).__name__} of a statement")
    return node
