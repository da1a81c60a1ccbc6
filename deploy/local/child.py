"""Become another program, tied to the life of the process that started it.

Run as `python -I -S child.py SIGNAL PARENT USER COMMAND...`. On Linux the kernel sends SIGNAL (a number) when PARENT (a
process id) ends, however it ends, so that a killed runner leaves nothing behind. USER is `-` or `uid:gid` to become.
It is a program of its own because the order matters: the kernel forgets the parent's death signal when a process
changes its user, and code between fork and exec in a threaded Python may dead-lock.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Drop privileges, ask for the death signal and replace this process by the command."""
    signal_number, parent, user, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    if user != "-":
        uid, _, gid = user.partition(":")
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        # The parent died before the request was made; nobody would ever stop this process.
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 (replacing this process is its whole purpose; no shell is wanted)


if __name__ == "__main__":
    main()
