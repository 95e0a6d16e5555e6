"""Dagster's files stay open between events: no log is written back each time, and nothing is lost."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dagster_project.runs import history


@pytest.fixture
def held(monkeypatch):
    """The files that are held, without those of other tests."""
    monkeypatch.setattr(history, "_open", type(history._open)())
    yield history._open
    for connection in history._open.values():
        connection.close()


def write(file: Path, value: int) -> None:
    """As Dagster does for every event: a new engine, one statement, closed again."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("pragma journal_mode = wal"))
        connection.execute(text("create table if not exists t (x)"))
        connection.execute(text(f"insert into t values ({value})"))
        connection.commit()


def test_a_file_in_use_keeps_its_log_and_is_whole_for_others(tmp_path: Path, held):
    file = tmp_path / "events.db"
    for value in range(3):
        write(file, value)
    log = file.with_name("events.db-wal")
    assert log.stat().st_size > 0, "each closing connection would have written it back"
    with sqlite3.connect(file) as other:
        assert other.execute("select count(*) from t").fetchone() == (3,)


def test_only_the_files_used_last_are_held(tmp_path: Path, held):
    for number in range(history.KEPT_OPEN + 2):
        write(tmp_path / f"{number}.db", number)
    assert [Path(file).stem for file in held] == ["2", "3", "4", "5"]
    assert not (tmp_path / "0.db-wal").exists()


def test_a_database_in_memory_is_left_alone(held):
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("select 1"))
    assert not held
