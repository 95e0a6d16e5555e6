"""A large library without what it imports for uses that are not ours: seconds of every build."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from importlib.util import LazyLoader


@contextmanager
def lean(absent: Collection[str] = (), when_used: Collection[str] = ()) -> Iterator[None]:
    """Within, modules of `absent` are not to be found, and those of `when_used` load at their first use.

    absent: what a library says that it can do without; whoever imports them later gets them.
    """
    finder = _Finder(absent, when_used)
    there = {name: sys.modules.pop(name) for name in absent if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(there)


class _Finder(MetaPathFinder):
    def __init__(self, absent: Collection[str], when_used: Collection[str]):
        self._absent, self._when_used = absent, when_used

    def find_spec(self, fullname, path, target=None):
        if fullname in self._absent:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        spec = PathFinder.find_spec(fullname, path) if fullname in self._when_used else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec
