"""Large libraries come without what they import for others; whoever asks for that later gets it."""

import sys

import pytest

from dagster_project.imports import lean

RARE = ("colorsys", "wave", "this")


@pytest.fixture(autouse=True)
def unknown(monkeypatch):
    """Modules that nothing else imports, as if nothing had."""
    for name in RARE:
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_what_is_absent_is_not_to_be_found_until_later():
    with lean(absent={"colorsys"}):
        with pytest.raises(ModuleNotFoundError):
            import colorsys
        import wave
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
    assert wave.Error


def test_what_was_there_before_stays_there():
    import colorsys

    with lean(absent={"colorsys"}), pytest.raises(ModuleNotFoundError):
        import colorsys as again  # noqa: F401
    assert sys.modules["colorsys"] is colorsys


def test_what_is_seldom_used_loads_at_its_first_use(capsys):
    with lean(when_used={"this"}):
        import this
    assert capsys.readouterr().out == ""
    assert this.s
    assert "Zen of Python" in capsys.readouterr().out
