"""Where a state stands: outside all items, or in a Map over them, where run and index come from other places."""

from __future__ import annotations

import msgspec

from core_compiler.asl.expressions import HANDLER, expression, literal
from core_compiler.emit.begin import CONTEXT

EMPTY: dict[str, object] = {}


class Scope(msgspec.Struct, frozen=True):
    """Expressions for run, handler, context and the item's index, for a state and for one reached through its Catch.

    `output` is what a state leaves to the next, so that both are there for it too; the last one leaves nothing.
    """

    name: str
    run: str
    index: str | None = None
    output: object = {}
    error: object = expression("$states.errorOutput")
    caught_index: str | None = None
    caught_error: str = expression("$states.input")
    caught_output: object = {}
    context: str = CONTEXT
    handler: str = expression("$handler")

    def invoke(self, event: dict[str, object], **dynamic: object) -> dict[str, object]:
        """Arguments of lambda:invoke: the event's own strings come out as they are, the rest is evaluated."""
        return self._invoke(event, self.index, dynamic)

    def invoke_caught(self, event: dict[str, object]) -> dict[str, object]:
        """The same, reached through Catch, with the error."""
        return self._invoke(event, self.caught_index, {"error": self.caught_error})

    def _invoke(self, event: dict[str, object], index: str | None, dynamic: dict[str, object]) -> dict[str, object]:
        # The context is the same for all events of a run.
        plain = {key: self.context if value == CONTEXT else literal(value) for key, value in event.items()}
        head = {key: plain.pop(key) for key in ("v", "op")}
        item = {} if index is None else {"index": index}
        return {"FunctionName": self.handler, "Payload": {**head, "run": self.run, **item, **plain, **dynamic}}

    def with_context(self) -> Scope:
        """The scope of items whose events carry the context: it comes with the item, like the run."""
        context = expression("$states.input.context")
        item = {**_ITEM, "context": context}
        return msgspec.structs.replace(
            self,
            output=item,
            error={**item, "error": expression("$states.errorOutput")},
            caught_output=item,
            context=context,
        )


MACHINE = Scope("machine", expression("$run"))
_ITEM = {"run": expression("$states.input.run"), "index": expression("$states.input.index")}
INLINE = Scope(
    "inline",
    run=expression("$states.input.run"),
    index=expression("$states.input.index"),
    output=_ITEM,
    error={**_ITEM, "error": expression("$states.errorOutput")},
    caught_index=expression("$states.input.index"),
    caught_error=expression("$states.input.error"),
    caught_output=_ITEM,
)
#: Its children are executions of their own, whose variables are their own too: the run comes with the item.
DISTRIBUTED = msgspec.structs.replace(INLINE, name="distributed", handler=HANDLER)
