"""Ports on this machine: which are taken, and one that is free."""

from __future__ import annotations

import random
import socket

HOST = "127.0.0.1"
# Below the range from which the kernel gives ports to outgoing connections, so that none of those takes it meanwhile.
_FREE_RANGE = range(20_000, 30_000)
_TRIES = 200


def why_unusable(port: int) -> str | None:
    """Return why nothing can listen on `port` of the loopback address, in the system's words; None if it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def free_port() -> int:
    """Return a port that is free now. Raises OSError when none was found."""
    for _ in range(_TRIES):
        port = random.choice(_FREE_RANGE)  # noqa: S311 (not a secret)
        if why_unusable(port) is None:
            return port
    raise OSError(f"no free port between {_FREE_RANGE.start} and {_FREE_RANGE.stop}")
