"""Events that are too large for a state's data are kept in files beside the user's code; the state names the file.

What passes 256 KiB ends an execution, and nothing catches that. A file is called by the SHA-256 of what it holds, so
that whoever vouches for the definition vouches for it too.
"""

from __future__ import annotations

import hashlib

import msgspec

from core_compiler.emit.begin import CONTEXT

#: Bytes of an event that its state holds itself. The run's context, a token or an error come to it, and a mapped task's
#: event stands in the definition twice.
LARGEST = 32_768
#: Where the handler looks for them.
FOLDER = "events"
#: What a state says of its event all the same: people and drawings read it.
_SAID = frozenset({"v", "op", "task"})

Event = dict[str, object]


class Kept:
    """The files of one workflow, JSON objects, by their paths in the user's code, or their keys in the store."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def shortened(self, event: Event) -> Event:
        """The event as its state holds it: as it is, or with the name of the file that has the rest."""
        if len(msgspec.json.encode(event)) <= LARGEST:
            return event
        said = {key: value for key, value in event.items() if key in _SAID or value == CONTEXT}
        rest = msgspec.json.encode({key: value for key, value in event.items() if key not in said})
        name = hashlib.sha256(rest).hexdigest()
        self.files[f"{FOLDER}/{name}.json"] = rest
        return {**said, "rest": name}
