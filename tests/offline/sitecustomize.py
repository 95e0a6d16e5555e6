"""Loaded by every Python process that a test starts: notes and refuses what would leave this machine."""

import os
import sys

_LOG = os.environ.get("NETWORK_LOG")
_ASKING = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}  # event -> which of its arguments names the other side


def _note(line: str) -> None:
    with open(_LOG, "a", encoding="utf-8") as file:
        file.write(line + "\n")


def _refuse(event: str, arguments: tuple) -> None:
    if event not in _ASKING:
        return
    other = arguments[_ASKING[event]]
    host = other[0] if isinstance(other, tuple) else other  # a path: a local socket
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not host or host.startswith(("127.", "/", "\0")) or host in ("localhost", "::1", "0.0.0.0", "::"):
        return
    _note(f"asked {host} ({event}) by {' '.join(sys.orig_argv[1:])[:200]}")
    raise OSError(f"no network in tests: {host}")


if _LOG:
    os.makedirs(os.path.dirname(_LOG), exist_ok=True)
    _note(f"watched {' '.join(sys.orig_argv[1:])[:200]}")
    sys.addaudithook(_refuse)
