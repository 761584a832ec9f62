"""Runs a command in a network of its own, where only loopback is up. A script: standard library only.

    PYTHON isolate.py COMMAND [ARGUMENT ...]

Needs Linux; unprivileged users need user namespaces. Exits with CANNOT_ISOLATE, the command not started, where
neither is to be had: what must not reach the network does not run with it.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

CANNOT_ISOLATE = 197
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SET_INTERFACE_FLAGS, INTERFACE_UP = 0x8914, 1


def isolate() -> bool:
    """Move this process into an empty network namespace; False where the system does not let it."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    try:
        if libc.unshare(NEW_NETWORK) != 0:
            if libc.unshare(NEW_USER | NEW_NETWORK) != 0:
                return False
            _map(user, group)
        _loopback_up()
    except (OSError, AttributeError):
        return False
    return True


def _map(user: int, group: int) -> None:
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as target:
            target.write(text)


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_INTERFACE_FLAGS, struct.pack("16sh14x", b"lo", INTERFACE_UP))


if __name__ == "__main__":
    if not isolate():
        sys.exit(CANNOT_ISOLATE)
    os.execvp(sys.argv[1], sys.argv[1:])
