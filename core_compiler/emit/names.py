"""State names: the task's id, as short and as stable as Step Functions allows."""

from __future__ import annotations

import hashlib
import re

from core_compiler.asl.limits import MACHINE_NAME_CHARACTERS, STATE_NAME_CHARACTERS

DIGEST = 8


class Names:
    """Hands out state names, each once: a machine must not use one twice, in whatever branch."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """How many names were handed out."""
        return len(self._taken)

    def claim(self, wanted: str) -> str:
        """`wanted`, or a name made from it: at most 80 characters, not handed out before, the same in each compile."""
        name = shortened(wanted, STATE_NAME_CHARACTERS)
        # What was taken stays taken, so the search goes on where the last one ended.
        number = self._numbers.get(wanted, 1)
        while name in self._taken:
            number += 1
            tail = f" ({number})"
            name = shortened(wanted, STATE_NAME_CHARACTERS - len(tail)) + tail
        self._numbers[wanted] = number
        self._taken.add(name)
        return name


def shortened(name: str, limit: int) -> str:
    """`name`, or its beginning and a digest of the whole when it is longer than `limit` characters."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]
    return f"{name[: limit - DIGEST - 1]}-{digest}"


def machine_name(name: str) -> str:
    """A workflow's name as a state machine may be called: ASCII letters, digits, `-` and `_`, at most 80."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
    if plain != name:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]
        plain = f"{plain[: MACHINE_NAME_CHARACTERS - DIGEST - 1]}-{digest}".lstrip("-")
    return shortened(plain, MACHINE_NAME_CHARACTERS)


def part_name(machine: str, part: str) -> str:
    """What the part `part-1` of a machine is called: as the machine is, as far as there is room."""
    return f"{shortened(machine, MACHINE_NAME_CHARACTERS - len(part) - 1)}-{part}"
