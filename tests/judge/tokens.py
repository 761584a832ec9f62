"""Task tokens: who waits with which, and what was sent back."""

from __future__ import annotations

import json
from typing import Any

from handler.tokens import Refusal

Json = Any


class Tokens:
    """Hands out tokens and takes them back. `sent` counts those taken, so that a waiter sees that there is news."""

    def __init__(self) -> None:
        self.sent = 0
        self._made = 0
        self._waiting: dict[str, list[Json]] = {}

    def new(self) -> str:
        """A token that a state waits with."""
        self._made += 1
        token = f"token-{self._made}"
        self._waiting[token] = []
        return token

    def send(self, token: str, output: str) -> Refusal | None:
        """SendTaskSuccess. As in AWS, one that nobody waits with any more is refused."""
        outputs = self._waiting.get(token)
        if outputs is None:
            return Refusal("TaskTimedOut", "nobody waits")
        if outputs:
            return Refusal("TaskDoesNotExist", "sent already")
        outputs.append(json.loads(output))
        self.sent += 1
        return None

    def sent_back(self, token: str) -> list[Json]:
        """The output sent with a token, as the only item; none while nobody has."""
        return self._waiting[token]

    def drop(self, token: str) -> None:
        """The state waits no longer."""
        del self._waiting[token]
