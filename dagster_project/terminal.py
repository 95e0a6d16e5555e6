"""What is printed for a person, who may stop reading: `| head` ends the output, and changes nothing else."""

import os
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
