#!/usr/bin/env python3
"""sanitized_run.py PROGRAM: whole runs on two threads by a program built with a sanitizer: golden runs, an own world and runs on it by
each profile of ours, each verified. Exit 1 when a command fails; a sanitizer's report makes it fail (make sanitize sets the options)."""
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support import Golden

OUTLETS = "merchant_id,country_iso,outlets\n" + "".join(
    f"{merchant},{country},{merchant * 7 % 90 + 1}\n" for merchant in range(1, 40) for country in ("BR", "DE", "FJ", "IN", "RU", "US"))
THREADS = ["--threads", "2", "--quiet"]


class Runner:
    def __init__(self, program):
        self.program = Path(program).resolve()
        self.failed = 0

    def __call__(self, folder, *arguments):
        begun = time.monotonic()
        done = subprocess.run([self.program, *map(str, arguments), *THREADS], cwd=folder, capture_output=True, text=True, check=False)
        self.failed += done.returncode != 0
        print(f"exit {done.returncode} {time.monotonic() - begun:6.1f} s  {' '.join(map(str, arguments[:6]))}", flush=True)
        if done.returncode != 0:
            print(done.stderr[:6000], flush=True)


def runs_below(folder):
    return sorted(p for p in Path(folder).iterdir() if (p / "run_receipt.json").exists())


def main(program):
    run = Runner(program)
    for world, name in (("coarse-world", "shipped"), ("fine-patch", "blend")):
        with tempfile.TemporaryDirectory() as folder:
            golden = Golden(world, name).lay_out(folder)
            run(folder, *golden.arguments())
            run(folder, "verify", golden.run, "--external-root", f"policy_{name}", "--external-root", "ext")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "outlets.csv").write_text(OUTLETS)
        run(folder, "world", "build", "--out", "world", "--cells-per-degree", 2)
        run(folder, "catalogue", "import", "outlets.csv", "--out", "pack")
        for profile in ("lifelike", "balanced"):
            run(folder, "run", "--catalogue", "pack", "--world", "world", "--out", "runs", "--profile", profile)
        for placed in runs_below(Path(folder, "runs")):
            run(folder, "verify", placed)
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
