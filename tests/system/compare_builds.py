#!/usr/bin/env python3
"""compare_builds.py A B: both programs place every golden run, build a coarse world and place an own run on it by each profile of
ours; every published byte must be equal. Exit 1 when not."""
import subprocess
import sys
import tempfile
from pathlib import Path

from support import RUNS, Golden, digests

OUTLETS = "merchant_id,country_iso,outlets\n" + "".join(
    f"{merchant},{country},{merchant * 7 % 90 + 1}\n" for merchant in range(1, 40) for country in ("BR", "DE", "FJ", "IN", "RU", "US"))


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
    for profile in ("lifelike", "balanced"):
        seen = [own_run(program, profile) for program in programs]
        equal = seen[0] == seen[1] and seen[0]
        different += not equal
        print(f"{'equal ' if equal else 'DIFFER'} own run, {profile}: {len(seen[0])} files")
    return 1 if different else 0


def own_run(program, profile):
    """Digests of a run over a coarse world; its seal holds those of the world."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(program).resolve()
        Path(folder, "outlets.csv").write_text(OUTLETS)
        for command in (["world", "build", "--out", "world", "--cells-per-degree", "2"],
                        ["run", "--catalogue", "outlets.csv", "--world", "world", "--out", "runs", "--profile", profile]):
            subprocess.run([program, *command, "--quiet"], cwd=folder, capture_output=True, check=True)
        run = next(p for p in Path(folder, "runs").iterdir() if (p / "run_receipt.json").exists())
        return digests(run)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
