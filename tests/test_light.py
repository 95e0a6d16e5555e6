"""Parts of libraries that are left out until they are used."""

import importlib
import sys

import pytest

from dagster_project.light import as_if_missing, on_demand


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A package `library` with a module `costly`; whatever is imported of it is forgotten afterwards."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "__init__.py").write_text("")
    (tmp_path / "library" / "costly.py").write_text("print('loaded')\nANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("library.costly", "library"):
        sys.modules.pop(name, None)


def test_a_module_on_demand_is_loaded_at_its_first_use(library, capsys):
    on_demand("library.costly")
    from library import costly

    assert costly.__file__.endswith("costly.py")
    assert importlib.util.find_spec("library.costly").origin == costly.__file__
    assert capsys.readouterr().out == ""
    assert (costly.ANSWER, costly.ANSWER) == (42, 42)
    assert capsys.readouterr().out == "loaded\n"
    from library import costly as real

    assert (real is costly, real.ANSWER) == (False, 42)


def test_a_module_that_is_there_or_nowhere_stays_as_it_is(library):
    import library.costly as there

    on_demand("library.costly")
    assert sys.modules["library.costly"] is there
    on_demand("library.missing")
    on_demand("missing.library")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("library.missing")


def test_a_module_is_as_if_missing_for_a_while_only(library):
    with as_if_missing("library.costly"), pytest.raises(ModuleNotFoundError):
        importlib.import_module("library.costly")
    with as_if_missing("library.costly"), as_if_missing("library.costly"):
        pass
    assert importlib.import_module("library.costly").ANSWER == 42
    with as_if_missing("library.costly"):
        assert importlib.import_module("library.costly").ANSWER == 42
