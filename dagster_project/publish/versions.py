"""Published versions: write a whole version aside, then show it by one atomic rename.

Layout: public/versions/<build_id>/ holds a version and its manifest; the link public/current is the one
commit point; fixed paths such as public/tongcheng.duckdb and public/site go through it. Readers keep what
they have open.
An interrupted version is discarded, never repaired. Needs nothing of Dagster.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.files import logs_beside, sha256
from dagster_project.settings import DATABASE

KEEP_VERSIONS = 14  # two weeks of nights on each of which something changed
OUT = "out"  # in the run's folder: what is published as it stands, beside the database or in its place
MANIFEST = "manifest.json"
PATIENCE = 120  # seconds; a publish takes a second or two
NOTHING_OLDER = "没有更早的版本 · there is no version before the current one"


class VersionError(RuntimeError):
    """The requested version is not available; the message says why and which versions are."""


@dataclass(frozen=True)
class Hold:
    """What a rollback left: the version that it holds, and since when."""

    build_id: str
    since: datetime | None


@dataclass(frozen=True)
class Version:
    """One published version."""

    folder: Path
    current: bool

    @property
    def build_id(self) -> str:
        """Name of the build, sortable by time."""
        return self.folder.name

    @property
    def manifest(self) -> dict:
        """What the version says of itself. Raises VersionError where that cannot be read."""
        try:
            return json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise VersionError(f"清单已损坏 · the manifest is damaged: {self.folder / MANIFEST}") from None

    def verify(self, hashes: bool = True) -> list[str]:
        """Files that are missing or differ from the manifest, and logs, which readers would see as well.

        hashes: read every file; otherwise sizes alone are compared.
        """
        wrong = [log.name for log in logs_beside(self.folder / DATABASE)]
        for entry in self.manifest["files"]:
            path = self.folder / entry["path"]
            sound = path.is_file() and path.stat().st_size == entry["bytes"]
            if not sound or (hashes and sha256(path) != entry["sha256"]):
                wrong.append(entry["path"])
        return wrong


def versions(public: Path) -> list[Version]:
    """All versions, newest first."""
    current = _current(public)
    folders = (public / "versions").glob(f"[0-9]*/{MANIFEST}")
    return sorted((Version(f.parent, f.parent.name == current) for f in folders), key=lambda v: v.build_id)[
        ::-1
    ]


def other_sound(public: Path) -> Version | None:
    """The newest version beside the current one that is whole, by sizes; what a rollback may go to."""
    for version in versions(public):
        try:
            if not version.current and not version.verify(hashes=False):
                return version
        except VersionError:  # damaged as well
            continue
    return None


def publish(
    public: Path, folder: Path, build_id: str, manifest: dict, prove: Callable[[Path, dict], None]
) -> Version | None:
    """Make the run's file and all that stands in its folder `out` a version; None while a rollback holds.

    manifest: what to say of the build; files with path, bytes and sha256 are added here, the database first.
    prove: given the folder that is about to be shown and its manifest, raises VersionError where it is not
    what the manifest says. Whatever fails, what is published stays.
    """
    with public_lock(public):
        if held(public):
            return None
        incoming = public / "versions" / f".incoming-{build_id}"
        for left in incoming.parent.glob(".incoming-*"):
            _discard(left)
        incoming.mkdir(parents=True)
        try:
            prove(incoming, _fill(incoming, folder, manifest))
        except (OSError, VersionError):
            shutil.rmtree(incoming, ignore_errors=True)  # what fills a disk should not stay on it
            raise
        version = incoming.with_name(build_id)
        os.rename(incoming, version)
        _sync(version.parent)
        _show(public, version)
        _prune(public)
        return Version(version, True)


def current_version(public: Path) -> Version | None:
    """What readers see, if anything is published."""
    return next((version for version in versions(public) if version.current), None)


def require_publishable(public: Path, build: Path) -> None:
    """Raise OSError where one more version like the current could not be written, VersionError where it could
    not be shown.
    """
    held(public)
    require_links(public)
    needed: dict[int, int] = {}  # bytes by disk
    current = current_version(public)
    files = current.folder.rglob("*") if current else ()  # its manifest may be damaged, which stops no build
    size = sum(file.stat().st_size for file in files if file.is_file())
    for folder in (public, build):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        disk = folder.stat().st_dev
        needed[disk] = needed.get(disk, 0) + size
        free = shutil.disk_usage(folder).free
        if free < needed[disk]:
            said = f"{free / 1e6:.0f} MB free, about {needed[disk] / 1e6:.0f} MB needed"
            raise OSError(errno.ENOSPC, f"空间不足 · not enough room: {said}", str(folder))


def require_links(public: Path) -> None:
    """Raise VersionError where copies stand in the place of links, as in a backup that followed them."""
    paths = [public / "current"]
    paths += [public / part.name for newest in versions(public)[:1] for part in newest.folder.iterdir()]
    copies = [path.name for path in paths if path.exists() and not path.is_symlink()]
    if copies:
        raise VersionError(
            f"链接成了副本，移走后重建 · copies stand where links should; remove them, then tongcheng build: "
            f"{public}: {', '.join(sorted(copies))}"
        )


def _fill(incoming: Path, folder: Path, manifest: dict) -> dict:
    """Everything of a version, written through to the disk; returns its manifest."""
    if logs := logs_beside(folder / DATABASE):  # what it holds would not be in the copy
        raise VersionError(f"文件旁有未写入的日志 · a log beside the file: {logs[0].name}")
    for made in sorted((folder / OUT).glob("*")):
        shutil.move(made, incoming / made.name)  # no second copy: it may be large
    if not (incoming / DATABASE).exists():
        shutil.copyfile(folder / DATABASE, incoming / DATABASE)
    sealed = {**manifest, "files": _seal(incoming)}
    (incoming / MANIFEST).write_text(json.dumps(sealed, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in [*incoming.rglob("*"), incoming]:
        _sync(path)
    return sealed


def rollback(public: Path, build_id: str | None = None) -> Version:
    """Go back to an older version and hold it: later builds are not published until `resume`.

    build_id: any listed version; None is the one before the current.
    """
    with public_lock(public):
        there = versions(public)
        older = [v for v in there if v.build_id < (_current(public) or "")]
        wanted = [v for v in there if v.build_id == build_id] if build_id else older[:1]
        if not wanted:
            names = ", ".join(v.build_id for v in there) or "无 none"
            what = f"没有该版本 · no such version: {build_id}" if build_id else NOTHING_OLDER
            raise VersionError(f"{what}; 现有 · available: {names}")
        if wrong := wanted[0].verify():
            raise VersionError(f"版本已损坏 · {wanted[0].build_id} is damaged: {', '.join(wrong)}")
        require_links(public)
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        hold = public / ".HOLD.new"
        hold.write_text(json.dumps({"build_id": wanted[0].build_id, "since": since}))
        _sync(hold)
        os.replace(hold, public / "HOLD")
        _show(public, wanted[0].folder)
        return Version(wanted[0].folder, True)


def resume(public: Path) -> bool:
    """Publish again from the next green build on; False if no version was held."""
    with public_lock(public):
        hold = public / "HOLD"
        there = hold.exists()
        hold.unlink(missing_ok=True)
        return there


def held(public: Path) -> str | None:
    """The build that a rollback holds, or None. Raises VersionError, as `hold_of`."""
    hold = hold_of(public)
    return hold.build_id if hold else None


def hold_of(public: Path) -> Hold | None:
    """What a rollback left until `resume`, or None. Raises VersionError where that cannot be read."""
    try:
        said = json.loads((public / "HOLD").read_text(encoding="utf-8"))
        since = said.get("since")
        return Hold(said["build_id"], datetime.fromisoformat(since) if since else None)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, AttributeError):
        raise VersionError(
            "回退记录已损坏，可用 tongcheng resume 清除 · the record of a rollback is damaged; "
            f"`tongcheng resume` removes it: {public / 'HOLD'}"
        ) from None


@contextmanager
def public_lock(public: Path) -> Iterator[None]:
    """Only one process at a time changes what is published. Raises VersionError if another takes too long."""
    public.mkdir(parents=True, exist_ok=True)
    lock = FileLock(public / ".lock")
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        message = f"发布文件夹被占用 · another process has held {lock.lock_file} for {PATIENCE} s"
        raise VersionError(message) from None
    try:
        yield
    finally:
        lock.release()


def _current(public: Path) -> str | None:
    link = public / "current"
    return link.readlink().name if link.is_symlink() else None


def _show(public: Path, version: Path) -> None:
    """The commit point. The fixed paths are made first; until now they may lead nowhere."""
    for part in version.iterdir():
        fixed = public / part.name
        if part.name != MANIFEST and not fixed.is_symlink():
            fixed.symlink_to(Path("current") / part.name)
    new = public / ".current.new"
    new.unlink(missing_ok=True)
    new.symlink_to(version.relative_to(public))
    os.replace(new, public / "current")
    _sync(public)


def _seal(folder: Path) -> list[dict]:
    """Every file made read-only, with path, bytes and sha256; the database first."""
    paths = sorted((p for p in folder.rglob("*") if p.is_file()), key=lambda p: (p.name != DATABASE, p))
    for path in paths:
        if path.stat().st_mode & 0o777 != 0o444:  # linked files are, and stay as they were looked at
            path.chmod(0o444)
    return [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in paths
    ]


def _prune(public: Path) -> None:
    """Down to those kept: first versions that the next one repeats but for the day, then the oldest."""
    there = versions(public)
    inputs = [_inputs(version) for version in there]
    repeated = [
        old for old, own, later in zip(there[1:], inputs[1:], inputs, strict=False) if own and own == later
    ]
    others = [version for version in there if version not in repeated]
    to_go = [version for version in (*repeated[::-1], *others[::-1]) if not version.current]
    for old in to_go[: max(0, len(there) - KEEP_VERSIONS)]:
        _discard(old.folder)


def _inputs(version: Version) -> str | None:
    """Hash of what it was built from, the day apart (runs/inputs.py)."""
    try:
        return version.manifest.get("inputs")
    except VersionError:  # one that is damaged repeats nothing
        return None


def _discard(folder: Path) -> None:
    """Hide, then delete: a half-deleted version must not be listed."""
    if not folder.name.startswith("."):
        folder = folder.rename(folder.with_name(f".incoming-old-{folder.name}"))
    shutil.rmtree(folder)


def _sync(path: Path) -> None:
    """Flush a file or a folder's entries to disk before the next step relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
