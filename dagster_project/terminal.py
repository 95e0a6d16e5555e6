"""A terminal: its reader may stop (`| head` ends the output, and nothing else), and so may it itself."""

import os
import signal
import sys

from rich.console import Console


def nobody_reads() -> None:
    """Let what is still to be printed go nowhere, the rest of a buffer at the end included."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Screen(Console):
    """Rich's console, which by itself would end the process with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Go on without a reader."""
        self.quiet = True
        nobody_reads()


def obey_signals() -> None:
    """As Ctrl-C: the stop of a service manager and the end of a terminal must leave nothing behind either."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # of nohup
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def hear_no_more() -> None:
    """An impatient second Ctrl-C must not undo the exit code and the words of the first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_number, _frame) -> None:
    raise KeyboardInterrupt
