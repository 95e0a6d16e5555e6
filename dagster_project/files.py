"""Files: their hashes, links to them, some that are kept; logs beside a database; whether a lock is held."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

AT_REST = 2 * 10**9  # nanoseconds; of two writes closer than a clock's grain the second might not be seen
_hashed: dict[tuple[int, ...], str] = {}  # by what any change of the file changes too


def sha256(path: Path) -> str:
    """Hash of a file's bytes, hex. One that nobody has touched since is not read a second time."""
    with path.open("rb") as stream:
        there = os.fstat(stream.fileno())
        # The last of these is set by each write and by whoever sets the one before it, and by nobody at will.
        state = (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
        if state not in _hashed:
            rests = time.time_ns() - there.st_mtime_ns >= AT_REST  # before it is read, which may take long
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if not rests:
                return digest
            _hashed[state] = digest
        return _hashed[state]


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file holds; where there is none yet, what `make` returns, which it then holds."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")  # two builds may make it at once
    part.write_bytes(made)
    part.replace(path)
    return made


def linked(source: Path, to: Path, size: int, digest: str) -> bool:
    """Have a finished file under another name as well; False where it is not the bytes that it should be.

    Whoever writes to one name would change both: such files are read-only, and replaced, never rewritten.
    """
    to.unlink(missing_ok=True)
    try:
        os.link(source, to)
    except FileNotFoundError:
        return False
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, to)
    if undamaged(to, size, digest):  # what is linked, not what was there before
        return True
    to.unlink()
    return False


def undamaged(path: Path, size: int, digest: str) -> bool:
    """Whether a file is there, with the bytes that it should have."""
    try:
        return path.stat().st_size == size and sha256(path) == digest
    except FileNotFoundError:
        return False


class UnwrittenLogError(RuntimeError):
    """A DuckDB file lacks what the log beside it holds; the message names the log."""


def sealed_sha256(database: Path) -> str:
    """Hash of a DuckDB file that is all there is. Raises UnwrittenLogError where a log stands beside it.

    Whoever opens the file sees the log's rows too; whoever copies it does not get them.
    """
    if logs := logs_beside(database):
        raise UnwrittenLogError(
            f"文件旁有未写入的日志 · a log beside the file holds rows that it lacks: {logs[0]}"
        )
    return sha256(database)


def logs_beside(database: Path) -> list[Path]:
    """Logs of a DuckDB file: of a process that is writing it, or was killed."""
    return sorted(database.parent.glob(f"{database.name}.wal*"))


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
