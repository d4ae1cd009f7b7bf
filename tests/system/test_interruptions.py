"""Nothing is lost: a run killed in any state, repeated, ends in the same bytes; a finished run repeated does nothing."""
import os
import random
import re
import signal
import subprocess
import time

from support import PROGRAM, SystemTest, digests


class Interruptions(SystemTest):
    def uninterrupted(self):
        golden = self.golden("coarse-world", "shipped", "whole")
        self.assertEqual(golden.place().returncode, 0)
        return digests(golden.run)

    def kill_in(self, golden, state, delay):
        """Starts the run and kills it `delay` seconds after `state` began."""
        process = subprocess.Popen([PROGRAM, *golden.arguments(), "--quiet"], cwd=golden.folder, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        log = golden.run / f"run_log_{golden.receipt['run_id']}.log"
        wanted = re.compile(rf"\b{state} \w+ starts")
        while process.poll() is None and not (log.exists() and wanted.search(log.read_text())):
            time.sleep(0.001)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return process.returncode == -signal.SIGKILL

    def test_a_kill_in_each_state_loses_nothing(self):
        wanted = self.uninterrupted()
        delays = random.Random(7)
        tries = 5 if os.environ.get("PLACEWRIGHT_ALL") else 1
        for state in (f"S{k}" for k in range(10)):
            for attempt in range(tries):
                with self.subTest(state=state, attempt=attempt):
                    golden = self.golden("coarse-world", "shipped", f"{state}-{attempt}")
                    self.kill_in(golden, state, delays.uniform(0, 0.05))
                    result = golden.place()
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertEqual(digests(golden.run), wanted)
                    self.assertFalse((golden.run / "tmp").exists())

    def test_repeating_a_finished_run_changes_nothing_and_says_so(self):
        golden = self.golden("fine-patch", "blend")
        self.assertEqual(golden.place().returncode, 0)
        before = digests(golden.run)
        result = golden.place("--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count('"reused": true'), 9)
        self.assertEqual(digests(golden.run), before)

    def test_states_one_by_one_equal_the_run_in_one_go(self):
        whole = self.golden("fine-patch", "blend", "whole")
        self.assertEqual(whole.place().returncode, 0)
        steps = self.golden("fine-patch", "blend", "steps")
        for k in range(10):
            result = steps.place("--from", f"S{k}", "--until", f"S{k}")
            self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(digests(steps.run), digests(whole.run))

    def test_a_run_goes_on_from_what_another_program_published(self):
        mine = self.golden("fine-patch", "blend", "mine")
        self.assertEqual(mine.place().returncode, 0)
        other = self.golden("fine-patch", "blend", "other")
        self.assertEqual(other.place("--until", "S3").returncode, 0)
        for receipt in (other.run / "receipts").iterdir():  # another program leaves no receipts of ours
            receipt.unlink()
        self.assertEqual(other.place("--from", "S4").returncode, 0)
        self.assertEqual(digests(other.run), digests(mine.run))
