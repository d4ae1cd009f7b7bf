#!/usr/bin/env python3
"""compare_builds.py A B: both programs place every golden run; every published byte must be equal. Exit 1 when not."""
import subprocess
import sys
import tempfile
from pathlib import Path

from support import RUNS, Golden, digests


def main(programs):
    different = 0
    for world, run in RUNS:
        seen = []
        for program in programs:
            with tempfile.TemporaryDirectory() as folder:
                golden = Golden(world, run).lay_out(folder)
                done = subprocess.run([Path(program).resolve(), *golden.arguments(), "--quiet"], cwd=golden.folder,
                                      capture_output=True, text=True, check=False)
                seen.append((done.returncode, digests(golden.run)))
        equal = seen[0] == seen[1] and seen[0][1]
        different += not equal
        print(f"{'equal ' if equal else 'DIFFER'} {world} {run}: {len(seen[0][1])} files, exit {seen[0][0]}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
