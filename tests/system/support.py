"""What the system tests share: the program, golden worlds laid out as runs, digests of what a run published."""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
PROGRAM = os.environ.get("PLACEWRIGHT", str(ROOT / "build" / "placewright"))
RUNS = [("fine-patch", r) for r in ("uniform", "area", "population", "blend", "overlap")] + [
    ("coarse-world", "shipped"), ("coarse-world", "exhaust")]


def placewright(*args, cwd=None, env=None):
    """Runs the program; the result has returncode, stdout, stderr."""
    return subprocess.run([PROGRAM, *map(str, args)], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, **(env or {})}, check=False)


class Golden:
    """One golden run: its stored files, and a folder in which it can be run."""

    def __init__(self, world, run):
        self.world, self.stored = GOLDEN / world, GOLDEN / world / run
        self.name = run
        self.receipt = json.loads((self.stored / "inputs/run_receipt.json").read_text())
        self.meta = json.loads((self.stored / "run.json").read_text())

    def lay_out(self, folder):
        """Reference data under ext/, policies under policy_<run>/, the upstream surfaces under runs/<run_id>/."""
        self.folder = Path(folder)
        ids, inputs = self.receipt, self.stored / "inputs"
        upstream = self.run / "data/layer1/1A"
        fingerprint = f"manifest_fingerprint={ids['manifest_fingerprint']}"
        shutil.copytree(self.world / "inputs", self.folder / "ext")
        shutil.copytree(inputs / "policy", self.folder / f"policy_{self.name}/config/layer1/1B/policy")
        shutil.copytree(inputs / "1A/validation", upstream / "validation" / fingerprint)
        for name, place in (("outlet_catalogue", f"seed={ids['seed']}/{fingerprint}"),
                            ("s3_candidate_set", f"parameter_hash={ids['parameter_hash']}")):
            (upstream / name / place).mkdir(parents=True)
            shutil.copy(inputs / f"1A/{name}.parquet", upstream / name / place / "part-00000.parquet")
        shutil.copy(inputs / "run_receipt.json", self.run)
        return self

    @property
    def run(self):
        return self.folder / "runs" / self.receipt["run_id"]

    def arguments(self):
        return ["run", "--runs-root", "runs", "--run-id", self.receipt["run_id"], "--external-root", f"policy_{self.name}",
                "--external-root", "ext", "--predicate", self.meta["predicate"]]

    def place(self, *more, env=None):
        return placewright(*self.arguments(), "--quiet", *more, cwd=self.folder, env=env)


def digests(run):
    """SHA-256 of every published byte: data and logs, not reports (timings), receipts or the run log."""
    found = {}
    for part in ("data", "logs"):
        for path in sorted((Path(run) / part).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(run))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def records(paths):
    """JSON lines of the files in name order, without the clock."""
    out = []
    for path in sorted(paths):
        opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
        with opened as lines:
            out += [{k: v for k, v in json.loads(line).items() if k != "ts_utc"} for line in lines if line.strip()]
    return out


class SystemTest(unittest.TestCase):
    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="placewright-test-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def golden(self, world="fine-patch", run="uniform", at="work"):
        return Golden(world, run).lay_out(self.scratch / at)

    def assert_refused(self, result, exit_code, *words):
        self.assertEqual(result.returncode, exit_code, result.stderr + result.stdout)
        for word in words:
            self.assertIn(word, result.stderr)


class CoarseWorldTest(SystemTest):
    """Tests over the embedded world at half a degree, built once a class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = Path(tempfile.mkdtemp(prefix="placewright-world-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.world = cls.shared / "world"
        built = placewright("world", "build", "--out", cls.world, "--cells-per-degree", 2, "--quiet")
        assert built.returncode == 0, built.stderr
