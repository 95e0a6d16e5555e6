"""Hashes of files, and whether a lock file is held."""

import hashlib
from pathlib import Path

from filelock import FileLock, Timeout


def sha256(path: Path) -> str:
    """Hash of a file's bytes, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_locked(lock: Path) -> bool:
    """Whether some process holds the lock of this file, which the kernel frees when it dies."""
    if not lock.exists():
        return False
    try:
        with FileLock(lock, blocking=False):
            return False
    except Timeout:
        return True
    except OSError:  # another user's folder
        return False
