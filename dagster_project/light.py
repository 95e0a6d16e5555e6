"""Imports of large libraries without those of their parts that take seconds to load and are not used here.

Nothing is taken away: whoever asks for such a part later gets the real one.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class _OnDemand(ModuleType):
    """Stands for a module until a name of it is used."""

    def __getattr__(self, name: str):
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def on_demand(name: str) -> None:
    """Have a module loaded at the first use of one of its names, instead of at its import."""
    if name in sys.modules:
        return
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return  # not installed: its import fails where it is written
    module = _OnDemand(name)
    # Asked for by whoever looks through all modules, which is no use of this one.
    module.__spec__, module.__file__ = spec, spec.origin
    sys.modules[name] = module


@contextmanager
def as_if_missing(name: str) -> Iterator[None]:
    """Let a library be imported as where a module that it can do without is not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # an import of it raises ModuleNotFoundError
    try:
        yield
    finally:
        del sys.modules[name]
