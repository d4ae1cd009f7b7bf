"""Run lanes: what is taken over from another run gives the same tables, and nothing that is needed is lost."""
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from support import PROGRAM, ROOT, SystemTest, placewright

DATA = ROOT / "tests" / "data" / "lanes"
FRESH = "00000000000000000000000000000{:03x}"


def tables(run):
    """Digest of every published table and of every log line, the run id left out; not the bundle, which names the run."""
    run = Path(run)
    found = {}
    for path in sorted(run.rglob("*")):
        name = str(path.relative_to(run))
        if not path.is_file() or not name.startswith(("data/layer1/1B/", "logs/layer1/1B/")) or "/validation/" in name:
            continue
        found[name.replace(run.name, "RUN")] = path.read_bytes().replace(run.name.encode(), b"RUN")
    return found


class Lanes(SystemTest):
    def source(self, world="coarse-world", run="shipped"):
        golden = self.golden(world, run)
        result = golden.place()
        self.assertEqual(result.returncode, 0, result.stderr)
        return golden

    def lane(self, golden, verb, *args):
        return placewright("lane", verb, "--runs-root", "runs", *args, cwd=golden.folder)

    def roots(self, golden):
        return ["--external-root", f"policy_{golden.name}", "--external-root", "ext"]

    def rerun(self, golden, number, *args):
        run_id = FRESH.format(number)
        result = self.lane(golden, "rerun", golden.receipt["run_id"], "--run-id", run_id, "--quiet", *self.roots(golden), *args)
        return result, golden.folder / "runs" / run_id

    def test_a_lane_from_every_state_equals_the_full_run(self):
        golden = self.source()
        wanted = tables(golden.run)
        for threads in (1, 8):
            for state in range(1, 10):
                with self.subTest(state=state, threads=threads):
                    result, run = self.rerun(golden, 16 * threads + state, "--from", f"S{state}", "--threads", str(threads))
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertIn("flag: PASS", result.stdout)
                    self.assertEqual(result.stdout.count("(taken over)"), state - 1)
                    made = tables(run)
                    self.assertEqual(sorted(made), sorted(wanted))
                    self.assertEqual([name for name in wanted if made[name] != wanted[name]], [])
                    verified = placewright("verify", f"runs/{run.name}", *self.roots(golden), cwd=golden.folder)
                    self.assertEqual(verified.returncode, 0, verified.stderr + verified.stdout)


if __name__ == "__main__":
    unittest.main()
