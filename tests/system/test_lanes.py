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
        verbs = (verb,) if isinstance(verb, str) else verb
        return placewright("lane", *verbs, "--runs-root", "runs", *args, cwd=golden.folder)

    def roots(self, golden):
        return ["--external-root", f"policy_{golden.name}", "--external-root", "ext"]

    def rerun(self, golden, number, *args):
        run_id = FRESH.format(number)
        result = self.lane(golden, "rerun", golden.receipt["run_id"], "--run-id", run_id, "--quiet", *self.roots(golden), *args)
        return result, golden.folder / "runs" / run_id

    def test_a_lane_from_every_state_equals_the_full_run(self):
        golden = self.source()
        wanted = tables(golden.run)
        every = bool(os.environ.get("PLACEWRIGHT_ALL"))
        for threads in (1, 8):
            for state in range(1, 10) if every or threads == 8 else (1, 4, 6):
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

    def test_what_a_policy_changes_is_run_again_and_no_more(self):
        golden = self.source("fine-patch", "uniform")
        other = golden.folder / "other/config/layer1/1B/policy"
        shutil.copytree(golden.folder / "policy_uniform/config/layer1/1B/policy", other)
        jitter = other / "policy.s6.jitter.yaml"
        jitter.write_text(jitter.read_text() + "\n# another text\n")
        roots = ["--external-root", "other", "--external-root", "ext"]
        late = self.lane(golden, "stage", golden.receipt["run_id"], "--from", "S7", "--run-id", FRESH.format(1), *roots)
        self.assert_refused(late, 1, "LANE_STALE", "jitter_policy")
        self.assertFalse((golden.folder / "runs" / FRESH.format(1)).exists())
        result = self.lane(golden, "rerun", golden.receipt["run_id"], "--run-id", FRESH.format(2), "--json", "--quiet", *roots)
        self.assertEqual(result.returncode, 0, result.stderr)
        told = json.loads(result.stdout)
        self.assertEqual((told["from"], told["changed_inputs"]), ("S6", ["jitter_policy"]))
        self.assertEqual([s["state"] for s in told["states"] if s["reused"]], ["S1", "S2", "S3", "S4", "S5"])

    def test_a_denylist_after_s3_is_noticed_before_s7_is(self):  # incident: E708_1A_COVERAGE_FAIL
        golden = self.source("fine-patch", "uniform")
        policy = next((golden.folder / "policy_uniform").rglob("policy.s3.requirements.yaml"))
        policy.write_text(policy.read_text() + "\n# changed\n")
        result, run = self.rerun(golden, 1, "--from", "S4")
        self.assert_refused(result, 1, "LANE_STALE", "S3", "s3_requirements_policy")
        self.assertFalse(run.exists())

    def test_a_used_run_id_and_a_missing_surface_leave_nothing_behind(self):  # incidents: used id, catalogue missing
        golden = self.source("fine-patch", "uniform")
        used = self.lane(golden, "stage", golden.receipt["run_id"], "--run-id", golden.receipt["run_id"], *self.roots(golden))
        self.assert_refused(used, 6, "LANE_EXISTS")
        for gone in ("data/layer1/1A/outlet_catalogue", "data/layer1/1B/s3_requirements"):
            with self.subTest(gone=gone):
                shutil.move(golden.run / gone, self.scratch / "kept")
                refused = self.lane(golden, "stage", golden.receipt["run_id"], "--run-id", FRESH.format(1), *self.roots(golden))
                shutil.move(self.scratch / "kept", golden.run / gone)
                self.assert_refused(refused, 1, Path(gone).name)
                self.assertEqual([p.name for p in (golden.folder / "runs").iterdir() if p.is_dir()], [golden.receipt["run_id"]])

    def test_no_link_leads_to_a_folder_and_the_source_may_go(self):
        golden = self.source("fine-patch", "blend")
        wanted = tables(golden.run)
        result = self.lane(golden, "stage", golden.receipt["run_id"], "--run-id", FRESH.format(1), *self.roots(golden))
        self.assertEqual(result.returncode, 0, result.stderr)
        run = golden.folder / "runs" / FRESH.format(1)
        self.assertFalse([p for p in run.rglob("*") if p.is_symlink()])
        shutil.rmtree(golden.run)
        done = placewright("run", "--runs-root", "runs", "--run-id", run.name, *self.roots(golden), "--quiet", cwd=golden.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = tables(run)
        self.assertEqual({name for name in wanted if made.get(name) != wanted[name]}, set())

    def killed(self, golden, delay, *args):
        process = subprocess.Popen([PROGRAM, "lane", *args, "--runs-root", "runs"], cwd=golden.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def test_a_killed_rerun_goes_on(self):
        golden = self.source("fine-patch", "blend")
        wanted = tables(golden.run)
        source = golden.receipt["run_id"]
        draw = random.Random(11)
        kills = 0
        for attempt in range(40 if os.environ.get("PLACEWRIGHT_ALL") else 6):
            args = [source, "--run-id", FRESH.format(attempt), "--from", f"S{draw.randint(2, 9)}", "--quiet", *self.roots(golden)]
            kills += self.killed(golden, draw.uniform(0.005, 0.3), "rerun", *args)
            result = self.lane(golden, "rerun", *args)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(tables(golden.folder / "runs" / FRESH.format(attempt)), wanted)
            self.assertFalse((golden.folder / "runs/.staging").exists())
        self.assertGreater(kills, 0)

    def test_a_killed_archive_or_prune_goes_on(self):
        golden = self.source("fine-patch", "uniform")
        source = golden.receipt["run_id"]
        draw = random.Random(13)
        for attempt in range(4):
            self.killed(golden, draw.uniform(0, 0.03), "archive", source, "--reason", "trial")
            bundle = next(iter(golden.run.glob("data/layer1/1B/validation/manifest_fingerprint=*")), None)
            again = self.lane(golden, "archive", source, "--reason", "trial")
            if again.returncode != 0:  # the first had come to its end
                self.assertIsNone(bundle)
                self.assert_refused(again, 1, "LANE_NO_BUNDLE")
            for moved in golden.run.glob("data/layer1/1B/validation/_archived/*/*"):
                self.assertTrue((moved / "archive_record.json").exists())
            self.assertEqual(golden.place().returncode, 0)
            time.sleep(1.0 if attempt < 3 else 0)  # the stamp has seconds
        self.lane(golden, "pointer", "last_good", source)
        for attempt in range(10):
            run = golden.folder / "runs" / FRESH.format(attempt)
            self.assertEqual(self.lane(golden, "stage", source, "--run-id", run.name, *self.roots(golden)).returncode, 0)
            self.killed(golden, draw.uniform(0, 0.03), "prune", "--yes")
            self.assertTrue(not run.exists() or (run / "run_receipt.json").exists())
            self.assertEqual(self.lane(golden, "prune", "--yes").returncode, 0)
            self.assertFalse(run.exists())
            self.assertFalse(list((golden.folder / "runs").glob(".pruned-*")))
        self.assertEqual(golden.place().stdout.count("reused"), 9)

    def test_s9_after_an_archive_makes_the_same_bundle(self):
        golden = self.source("fine-patch", "uniform")
        bundle = next(golden.run.glob("data/layer1/1B/validation/manifest_fingerprint=*"))
        before = {p.name: p.read_bytes() for p in bundle.iterdir()}
        moved = self.lane(golden, "archive", golden.receipt["run_id"], "--reason", "check", "--json")
        self.assertEqual(json.loads(moved.stdout)["decision"], "PASS")
        self.assertFalse(bundle.exists())
        self.assertEqual(golden.place("--from", "S9").returncode, 0)
        self.assertEqual({p.name: p.read_bytes() for p in bundle.iterdir()}, before)

    def test_a_failed_run_is_marked_and_pruned(self):
        golden = self.golden("coarse-world", "exhaust")
        self.assertNotEqual(golden.place().returncode, 0)
        mark = json.loads((golden.run / "_FAILED.SENTINEL.json").read_text())
        self.assertEqual((mark["state"], mark["code"]), ("S6", "E613_RESAMPLE_EXHAUSTED"))
        said = self.lane(golden, "prune", "--failed")
        self.assertIn("remove  " + golden.run.name, said.stdout)
        self.assertTrue(golden.run.exists())
        self.assertEqual(self.lane(golden, "prune", "--failed", "--yes").returncode, 0)
        self.assertFalse(golden.run.exists())

    def test_two_commands_on_one_root(self):
        golden = self.source("fine-patch", "blend")
        args = [golden.receipt["run_id"], "--run-id", FRESH.format(1), "--from", "S1", "--quiet", *self.roots(golden)]
        first = subprocess.Popen([PROGRAM, "lane", "rerun", "--runs-root", "runs", *args], cwd=golden.folder, stdout=subprocess.DEVNULL)
        lock = golden.folder / "runs/.lanes.lock"
        while first.poll() is None and not (lock.exists() and "rerun" in lock.read_text()):
            time.sleep(0.001)
        second = self.lane(golden, "prune", "--yes")
        self.assertEqual(first.wait(), 0)
        self.assert_refused(second, 5, "LANE_ROOT_BUSY", "placewright lane rerun (process")
        self.assertTrue(golden.run.exists())

    def test_a_lock_needs_an_equal_witness_and_then_stands(self):
        golden = self.source("fine-patch", "uniform")
        source = golden.receipt["run_id"]
        _, witness = self.rerun(golden, 1, "--from", "S1")
        self.assert_refused(self.lane(golden, "lock", "P2", source, source), 3, "LANE_REPRO")
        self.assertEqual(self.lane(golden, "lock", "P2", source, witness.name).returncode, 0)
        self.assertEqual(self.lane(golden, "lock", "P2", source, witness.name).returncode, 0)
        self.assert_refused(self.lane(golden, "lock", "P2", witness.name, source), 6, "LANE_IMMUTABLE")
        self.assertEqual(self.lane(golden, "envelope").returncode, 0)
        self.assertEqual(self.lane(golden, "prune", "--yes").returncode, 0)
        self.assertTrue(golden.run.exists() and witness.exists())
        self.assert_refused(self.lane(golden, "reopen", "P2", "--evidence", "none", "--approved-by", "me"), 1, "none")
        self.assertEqual(self.lane(golden, "reopen", "P2", "--evidence", f"runs/{source}/run_receipt.json", "--approved-by", "me").returncode, 0)
        self.assertEqual(self.lane(golden, "lock", "P2", witness.name, source).returncode, 0)

    def test_speed_is_compared_between_like_runs_only(self):
        golden = self.source("fine-patch", "uniform")
        _, same = self.rerun(golden, 1, "--from", "S1")
        like = self.lane(golden, ("performance", "compare"), golden.receipt["run_id"], same.name, "--threshold", "1000")
        self.assertEqual(like.returncode, 0, like.stderr)
        _, other = self.rerun(golden, 2, "--from", "S1", "--threads", "1")
        unlike = self.lane(golden, ("performance", "compare"), golden.receipt["run_id"], other.name)
        self.assert_refused(unlike, 3, "LANE_UNLIKE", "threads")


class OwnLanes(SystemTest):
    def test_other_policies_and_another_seed_equal_a_full_run(self):
        built = placewright("world", "build", "--out", self.scratch / "world", "--cells-per-degree", 2, "--quiet")
        self.assertEqual(built.returncode, 0, built.stderr)
        (self.scratch / "outlets.csv").write_text("merchant_id,country_iso,outlets\n1,DE,40\n2,US,90\n3,BR,25\n")

        def full(out, *more):
            done = placewright("run", "--catalogue", "outlets.csv", "--world", "world", "--out", out, "--quiet", *more, cwd=self.scratch)
            self.assertEqual(done.returncode, 0, done.stderr)
            return self.scratch / done.stdout.strip().splitlines()[-1].removeprefix("run: ")

        def rerun_equals_full_run(source, profile, changes, first):
            done = placewright("lane", "rerun", source.name, "--runs-root", "runs", "--json", "--quiet", *changes, cwd=self.scratch)
            self.assertEqual(done.returncode, 0, done.stderr)
            told = json.loads(done.stdout)
            self.assertEqual(told["from"], first)
            wanted = full("whole", *(changes if changes[0] == "--profile" else ["--profile", profile, *changes]))
            self.assertEqual(told["dst_run_id"], wanted.name)
            self.assertEqual(tables(self.scratch / "runs" / wanted.name), tables(wanted))

        source = full("runs", "--profile", "demo")
        for changes, first in ((["--profile", "reference"], "S5"), (["--seed", "7"], "S5"), (["--profile", "demo-population"], "S2")):
            with self.subTest(changes=changes):
                rerun_equals_full_run(source, "demo", changes, first)
        # Where S4 draws, a seed reaches back to it; with its policies come S5 and S6.
        lifelike = full("runs", "--profile", "lifelike")
        for changes, first in ((["--seed", "7"], "S4"), (["--profile", "balanced"], "S2")):
            with self.subTest(lifelike=changes):
                rerun_equals_full_run(lifelike, "lifelike", changes, first)

        done = placewright("lane", "certify", source.name, "--runs-root", "runs", "--json", "--quiet", cwd=self.scratch)
        self.assert_refused(done, 3, "RS_NOT_CERTIFIED")  # three countries are no world
        plan = json.loads(done.stdout)
        self.assertEqual([(run["seed"], run["status"]) for run in plan["runs"]], [(s, "PASS") for s in (42, 7, 101, 202)])
        self.assertEqual(plan["runs"][0]["run_id"], source.name)
        self.assertTrue((self.scratch / "runs/reports/segment1b_p5_certification.json").exists())
        for run in plan["runs"]:
            self.assertTrue((self.scratch / "runs" / run["run_id"] / "run_receipt.json").exists())


class ReferenceTools(SystemTest):
    """The freeze guard and the performance scorers write what the reference's own tools wrote."""
    VOLATILE = {"generated_utc", "size_gradient_pp_ci95_bootstrap", "log_path", "source", "witness_a", "witness_b", "runs_root",
                "run_log_path", "s4_run_report_path", "s5_run_report_path", "certification_json"}

    def assert_equal(self, made, wanted, path=""):
        if path.split("/")[-1] in self.VOLATILE:
            return
        self.assertIs(type(made), type(wanted), path)
        if isinstance(wanted, dict):
            self.assertEqual(sorted(made), sorted(wanted), path)
            for key in wanted:
                self.assert_equal(made[key], wanted[key], f"{path}/{key}")
        elif isinstance(wanted, list):
            self.assertEqual(len(made), len(wanted), path)
            for i, (a, b) in enumerate(zip(made, wanted)):
                self.assert_equal(a, b, f"{path}/{i}")
        elif isinstance(wanted, float):
            self.assertLessEqual(abs(made - wanted), 1e-12 * abs(wanted) + 1e-15, path)
        else:
            self.assertEqual(made, wanted, path)

    def test_freeze_guard(self):
        shutil.copytree(DATA / "guard", self.scratch / "guard")
        run = "37074708e049bcdb6c49f167bd45c25b"

        def guard(*more):
            return placewright("lane", "freeze-guard", run, "--runs-root", "guard", "--authority", "guard/authority.json", "--json", *more,
                               cwd=self.scratch)

        passed = guard()
        self.assertEqual(passed.returncode, 0, passed.stderr)
        self.assert_equal(json.loads(passed.stdout), json.loads((DATA / "guard/expected.json").read_text()))
        self.assertEqual(json.loads(guard().stdout)["candidate"], json.loads(passed.stdout)["candidate"])
        strict = guard("--concentration-max-regression", "-0.1")
        self.assert_refused(strict, 3, "LANE_GUARD_FAIL")
        self.assertEqual(json.loads(strict.stdout)["status"], "FAIL")
        shutil.rmtree(self.scratch / "guard" / run / "data/layer1/1A/s6")
        broken = guard()
        self.assert_refused(broken, 3, "LANE_GUARD_SURFACE", "s6_membership")
        self.assertEqual(json.loads(broken.stdout)["error"]["type"], "FileNotFoundError")
        wave = placewright("lane", "wave", "wave_1", f"guard/reports/segment1a_freeze_guard_{run}.json", "--runs-root", "guard", "--json",
                           cwd=self.scratch)
        self.assertEqual(json.loads(wave.stdout)["rejected_candidates"], [{"run_id": run, "reason": "freeze_guard_fail"}])

    def test_popt(self):
        run = "215a35e3c8b53c7ab3b5d75267e87d57"
        shutil.copytree(DATA / "popt", self.scratch / "popt")
        log = self.scratch / "popt" / run / f"run_log_{run}.log"
        for verb, text, more in (("popt0", "run_log_first.log.gz", []), ("popt1", f"{run}/{log.name}.gz", None)):
            log.write_bytes(gzip.decompress((DATA / "popt" / text).read_bytes()))
            if more is None:
                report = next((self.scratch / "popt" / run).rglob("s4_run_report.json"))
                more = ["--baseline", "popt/baseline.json", "--witness-a", report, "--witness-b", report]
            done = placewright("lane", "performance", verb, run, "--runs-root", "popt", "--out-json", "out.json", "--out-md", "out.md", *more,
                               cwd=self.scratch)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_equal(json.loads((self.scratch / "out.json").read_text()), json.loads((DATA / f"popt/{verb}.json").read_text()))
            self.assertEqual((self.scratch / "out.md").read_text(), (DATA / f"popt/{verb}.md").read_text())


if __name__ == "__main__":
    unittest.main()
