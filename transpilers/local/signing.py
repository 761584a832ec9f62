"""The key that signs pickles on this computer: made once, kept where only its user can read it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def local_key() -> str:
    """The key in `stepweave/key` of the user's configuration folder, which is made where it is missing."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    place = Path(base) / "stepweave" / "key"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f".key-{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # Two runs may begin at once: the first key stays.
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return place.read_text().strip()
