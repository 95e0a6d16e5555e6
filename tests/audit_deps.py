"""`make audit-deps`: are faults known in the locked versions? Exit code 1 if so.

pip-audit calls a list without answers clean; here it is 'skipped', with the reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"


def main() -> int:
    """Ask the index for every locked version."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [
            "pip_audit",
            "-r",
            str(LOCK),
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner",
            "off",
        ]
        done = subprocess.run(
            [sys.executable, "-m", *command, "-f", "json", "-o", str(file)], capture_output=True, text=True
        )
        report = json.loads(file.read_text()) if file.exists() else None
    text, code = verdict(report, done.stderr)
    print(text)
    return code


def verdict(report: dict | None, said: str) -> tuple[str, int]:
    """What to tell, and the exit code. report: pip-audit's JSON, None if there is none; said: its stderr."""
    packages = report["dependencies"] if report else []
    faults = [
        f"✗ {package['name']} {package['version']}: {fault['id']}, "
        f"修正于 fixed in {', '.join(fault['fix_versions']) or '–'}"
        for package in packages
        for fault in package.get("vulns", [])
    ]
    answered = sum("vulns" in package for package in packages)
    if not answered:
        last = (said.strip().splitlines() or ["?"])[-1][:200]
        reason = "索引没有此类数据 · the index has no such data" if packages else last
        return f"跳过 · skipped: {reason}", 0
    summary = f"已查 · looked up: {answered}/{len(packages)}, 已知缺陷 known faults: {len(faults)}"
    return "\n".join([*faults, summary]), 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
