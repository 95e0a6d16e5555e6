"""Published versions: readers always see one whole version, and an operator can go back and hold."""

import errno
import json
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from dagster_project.operate.faults import in_words
from dagster_project.operate.status import remedy
from dagster_project.publish import versions
from dagster_project.settings import DATABASE


def publish(public: Path, folder: Path, build_id: str, content: bytes = b"data", **said):
    folder.mkdir(exist_ok=True)
    (folder / DATABASE).write_bytes(content)
    return versions.publish(public, folder, build_id, {"build_id": build_id, **said}, lambda *_: None)


@pytest.fixture
def public(tmp_path):
    folder = tmp_path / "public"
    for number in (1, 2, 3):
        publish(folder, tmp_path / "run", f"2026010{number}T000000Z-aa", f"data {number}".encode())
    return folder


def test_the_newest_version_is_what_the_fixed_path_shows(public):
    assert (public / DATABASE).read_bytes() == b"data 3"
    assert [v.build_id[:8] for v in versions.versions(public)] == ["20260103", "20260102", "20260101"]
    assert [v.current for v in versions.versions(public)] == [True, False, False]


def test_a_published_file_is_read_only_and_listed_with_its_hash(public):
    version = versions.versions(public)[0]
    assert (version.folder / DATABASE).stat().st_mode & 0o777 == 0o444
    assert version.verify() == []
    assert version.manifest["files"][0]["bytes"] == len(b"data 3")


def test_all_that_a_run_made_beside_the_database_is_published_with_it(public, tmp_path):
    site = tmp_path / "run" / "out" / "site"
    (site / "indicator").mkdir(parents=True)
    (site / "index.html").write_text("new")
    (site / "indicator" / "a.html").write_text("a")
    version = publish(public, tmp_path / "run", "20260104T000000Z-aa", b"data 4")
    assert (public / "site" / "index.html").read_text() == "new"
    assert [f["path"] for f in version.manifest["files"]] == [
        DATABASE,
        "site/index.html",
        "site/indicator/a.html",
    ]
    page = version.folder / "site" / "indicator" / "a.html"
    assert page.stat().st_mode & 0o777 == 0o444
    page.chmod(0o644)
    page.write_text("b")
    assert version.verify() == ["site/indicator/a.html"]


def test_a_rollback_takes_the_pages_back_with_the_data(public, tmp_path):
    for number in (4, 5):
        (tmp_path / "run" / "out" / "site").mkdir(parents=True)
        (tmp_path / "run" / "out" / "site" / "index.html").write_text(f"page {number}")
        publish(public, tmp_path / "run", f"2026010{number}T000000Z-aa", f"data {number}".encode())
    versions.rollback(public)
    assert (public / "site" / "index.html").read_text() == "page 4"
    assert (public / DATABASE).read_bytes() == b"data 4"


def test_a_damaged_version_is_noticed_and_not_shown(public):
    older = versions.versions(public)[1]
    (older.folder / DATABASE).chmod(0o644)
    (older.folder / DATABASE).write_bytes(b"datX 2")
    assert older.verify() == [DATABASE]
    with pytest.raises(versions.VersionError, match="damaged"):
        versions.rollback(public, older.build_id)
    assert (public / DATABASE).read_bytes() == b"data 3"


def test_rollback_shows_the_version_before_and_holds_until_resume(public, tmp_path):
    assert versions.rollback(public).build_id.startswith("20260102")
    assert (public / DATABASE).read_bytes() == b"data 2"
    assert publish(public, tmp_path / "run", "20260104T000000Z-aa") is None
    assert (public / DATABASE).read_bytes() == b"data 2"
    assert versions.resume(public) is True
    assert versions.resume(public) is False
    assert publish(public, tmp_path / "run", "20260105T000000Z-aa", b"data 5")
    assert (public / DATABASE).read_bytes() == b"data 5"


def test_rollback_to_a_version_that_is_not_there_says_which_are(public):
    with pytest.raises(versions.VersionError, match="20260103"):
        versions.rollback(public, "nonsense")
    assert versions.held(public) is None


def test_rollback_before_the_oldest_is_refused(public):
    versions.rollback(public, "20260101T000000Z-aa")
    with pytest.raises(versions.VersionError):
        versions.rollback(public)


def torn(version: versions.Version) -> None:
    file = version.folder / DATABASE
    file.chmod(0o644)
    file.write_bytes(b"torn")


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_the_remedy_for_a_damaged_version_works_whichever_is_shown(public, shown):
    versions.rollback(public, versions.versions(public)[shown].build_id)
    torn(versions.current_version(public))
    command = re.search(r"tongcheng rollback (\S+),", remedy(public))
    versions.rollback(public, command[1])
    assert versions.current_version(public).verify() == []


def test_no_rollback_is_advised_where_no_other_version_is_sound(public):
    for version in versions.versions(public):
        torn(version)
    assert "rollback" not in remedy(public)
    assert "tongcheng build" in remedy(public)


def test_an_interrupted_publish_is_discarded_by_the_next(public, tmp_path):
    torn = public / "versions" / ".incoming-20260104T000000Z-aa"
    torn.mkdir()
    (torn / DATABASE).write_bytes(b"half")
    assert len(versions.versions(public)) == 3
    publish(public, tmp_path / "run", "20260105T000000Z-aa")
    assert not list((public / "versions").glob(".incoming*"))


def test_a_publish_that_fails_leaves_nothing_on_the_full_disk(public, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(versions, "sha256", full)
    with pytest.raises(OSError, match="No space"):
        publish(public, tmp_path / "run", "20260105T000000Z-aa")
    assert not list((public / "versions").glob(".*"))
    assert (public / DATABASE).read_bytes() == b"data 3"


def test_old_versions_are_pruned_but_never_the_current_one(public, tmp_path):
    for number in range(10, 10 + versions.KEEP_VERSIONS + 2):
        publish(public, tmp_path / "run", f"202602{number}T000000Z-aa")
    there = versions.versions(public)
    assert len(there) == versions.KEEP_VERSIONS
    assert there[0].current


def test_versions_that_only_repeat_push_out_none_that_differs(tmp_path):
    kept = versions.KEEP_VERSIONS
    for night in range(3 * kept):
        inputs = str(min(night, kept - 2))  # from then on, nothing changes any more
        publish(tmp_path / "public", tmp_path / "run", f"2026{night:04}T000000Z-aa", inputs=inputs)
    there = versions.versions(tmp_path / "public")
    assert len(there) == kept
    assert {version.manifest["inputs"] for version in there} == {str(n) for n in range(kept - 1)}
    assert there[0].current
    for night in range(kept):
        publish(tmp_path / "public", tmp_path / "run", f"2027{night:04}T000000Z-aa", inputs=f"new {night}")
    there = versions.versions(tmp_path / "public")
    assert [version.build_id[:4] for version in there] == ["2027"] * kept


def test_without_room_for_one_more_version_it_says_so(public, tmp_path, monkeypatch):
    versions.require_publishable(public, tmp_path / "build")
    monkeypatch.setattr(versions.shutil, "disk_usage", lambda _: SimpleNamespace(free=11))
    with pytest.raises(OSError, match="not enough room") as full:  # six bytes here, six there
        versions.require_publishable(public, tmp_path / "build")
    assert "the disk is full" in in_words(full.value)
    (public / "HOLD").write_text('{"buil')  # whether a rollback holds is said before any work, too
    with pytest.raises(versions.VersionError, match="tongcheng resume"):
        versions.require_publishable(public, tmp_path / "build")
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        versions.require_publishable(tmp_path / "file", tmp_path / "build")


def test_a_backup_that_followed_the_links_is_noticed_before_anything_changes(public, tmp_path):
    copied = tmp_path / "copied"
    shutil.copytree(public, copied)  # follows links
    remedy = f"remove them, then tongcheng build: {copied}: current, {DATABASE}"
    first = "20260101T000000Z-aa"
    for change in (
        lambda: versions.require_publishable(copied, tmp_path),
        lambda: versions.rollback(copied, first),
    ):
        with pytest.raises(versions.VersionError, match=re.escape(remedy)):
            change()
    assert not (copied / "HOLD").exists()
    for path in (copied / "current", copied / DATABASE):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    versions.require_publishable(copied, tmp_path)
    assert versions.rollback(copied, first).current


def test_an_open_reader_keeps_its_version(public, tmp_path):
    with (public / DATABASE).open("rb") as reader:
        publish(public, tmp_path / "run", "20260106T000000Z-aa", b"new")
        assert reader.read() == b"data 3"


def test_the_link_to_the_current_version_is_relative_so_the_folder_can_be_moved(public, tmp_path):
    os.rename(public, tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / DATABASE).read_bytes() == b"data 3"
    assert json.loads((tmp_path / "elsewhere" / "current" / "manifest.json").read_text())["files"]
