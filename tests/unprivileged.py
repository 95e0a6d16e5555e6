"""Commands that obey file permissions, also where the tests run as root."""

import os
import shutil

import pytest

POWERS = "-dac_override,-dac_read_search"  # what lets root past permission bits
needs_permissions = pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root without setpriv: permissions do not bind"
)


def bound(*command: str) -> list[str]:
    """The command without root's power over permissions."""
    if os.geteuid():
        return list(command)
    return ["setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}", *command]
