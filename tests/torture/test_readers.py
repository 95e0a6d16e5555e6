"""Eight readers query while three hundred versions are published: no failed read, one build a connection."""

from tests.torture import results
from tests.torture.publishing import read_while_publishing

READERS, PUBLISHES = results.count("READERS", 8), results.count("PUBLISHES", 300)


def test_readers_always_see_one_whole_version(tmp_path):
    seen = read_while_publishing(tmp_path, READERS, PUBLISHES)
    assert [fault for reading in seen for fault in reading.faults] == []
    assert all(reading.builds > 1 for reading in seen)
    connections = sum(reading.connections for reading in seen)
    most = max(reading.builds for reading in seen)
    results.write(
        "readers",
        "## Readers while versions are published 发布时的读者\n\n"
        f"{READERS} reading processes made {connections} connections (8 queries over 4 tables each) while "
        f"{PUBLISHES} versions were published: 0 failed reads, 0 connections that saw two builds; one reader "
        f"saw up to {most} builds.\n"
        f"{READERS} 个读取进程在 {PUBLISHES} 次发布期间建立 {connections} 次连接：读取失败 0，"
        "一次连接见到两个版本 0。",
    )
