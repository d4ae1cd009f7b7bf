"""placewright score: the reference's scorers against its own files, likeness, grades and certificates."""
import csv
import json
import math
import random
import shutil
import tempfile
import unittest
from pathlib import Path

from support import ROOT, placewright

STORED = ROOT / "tests/data/scorers"
RUNS = {"corners": "367bc7889d09e5b2be3af40e47cb15aa", "bounds": "640654f69760a46199cdde4df0446b97",
        "single": "9b49effeb4b65ef57a2dfc8e39286dbb", "empty": "1ff3ddb2bcd3feabb78f33800f4580e4"}
PLACES = {"generated_utc", "run_root", "artifacts", "policy_path", "baseline_json"}  # differ from place to place
TIES = {"countries_evaluated": "country_iso", "country_share_top10": "country_iso"}   # equal counts stand in any order


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="placewright-score-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(STORED / "frames", self.folder / "frames")

    def score(self, *args, exit_code=0):
        result = placewright("score", *args, cwd=self.folder)
        self.assertEqual(result.returncode, exit_code, result.stderr)
        return result

    def agree(self, theirs, ours, where="", name=""):
        if name in PLACES:
            return
        if isinstance(theirs, dict):
            more = {k for k in ours if k.endswith("_nonfinite") or k == "grade"}
            self.assertEqual(set(theirs), set(ours) - more, where)
            for key, value in theirs.items():
                self.agree(value, ours[key], f"{where}/{key}", key)
        elif name in TIES:
            self.assertEqual([r["site_count"] for r in theirs], [r["site_count"] for r in ours], where)
            mine = {r[TIES[name]]: r for r in ours}
            for row in theirs:
                if row[TIES[name]] in mine:
                    drop = {"rank", "cumulative_share"}
                    self.agree({k: v for k, v in row.items() if k not in drop},
                               {k: v for k, v in mine[row[TIES[name]]].items() if k not in drop}, f"{where}/{row[TIES[name]]}")
        elif isinstance(theirs, list):
            self.assertEqual(len(theirs), len(ours), where)
            if name == "flagged_countries":
                theirs, ours = sorted(theirs), sorted(ours)
            for i, (a, b) in enumerate(zip(theirs, ours)):
                self.agree(a, b, f"{where}/{i}")
        elif isinstance(theirs, float):
            if not math.isfinite(theirs):
                return self.assertIsNone(ours, where)
            self.assertIsInstance(ours, float, where)
            relative = max(1e-12, 1e-15 * theirs * theirs) if name == "anisotropy" else 1e-12
            self.assertLessEqual(abs(theirs - ours), max(1e-15, relative * abs(theirs)), where)
        else:
            self.assertEqual((type(theirs), theirs), (type(ours), ours), where)

    def agree_with(self, case):
        for file in sorted((STORED / "expected" / case).glob("*.json")):
            mine = json.loads((self.folder / "out" / file.name).read_text())
            self.agree(json.loads(file.read_text()), mine, file.name)


class ReferenceScorers(Scratch):
    def p0(self, frame):
        self.score("p0", "--runs-root", "frames", "--run-id", RUNS[frame], "--out", "out")
        return f"out/segment1b_p0_baseline_{RUNS[frame]}"

    def test_p0(self):
        for frame in RUNS:
            stem = self.p0(frame)
            self.agree_with(f"p0/frame-{frame}")
            for table, key in (("country_share", "country_iso"), ("region_share", "region")):
                theirs = (STORED / "expected" / f"p0/frame-{frame}" / f"{Path(stem).name}_{table}.csv").read_bytes().decode()
                ours = (self.folder / f"{stem}_{table}.csv").read_bytes().decode()
                self.assertEqual(theirs.count("\r\n"), ours.count("\r\n"))
                rows = {r[key]: r for r in csv.DictReader(ours.splitlines())}
                for row in csv.DictReader(theirs.splitlines()):
                    self.assertEqual(row["site_count"], rows[row[key]]["site_count"])
                    self.assertAlmostEqual(float(row["share"]), float(rows[row[key]]["share"]), delta=1e-12)

    def test_p0_key_order(self):
        stem = self.p0("corners")
        theirs = json.loads((STORED / "expected/p0/frame-corners" / f"{Path(stem).name}.json").read_text())
        ours = json.loads((self.folder / f"{stem}.json").read_text())
        self.assertEqual(list(theirs), list(ours))
        self.assertEqual(list(theirs["metrics"]), list(ours["metrics"]))

    def test_p1(self):
        self.score("p1", "--runs-root", "frames", "--run-id", RUNS["bounds"], "--baseline-json", self.p0("corners") + ".json", "--out", "out")
        self.agree_with("p1/frame-corners+bounds")

    def test_p2(self):
        self.score("p2", "--runs-root", "frames", "--baseline-run-id", RUNS["corners"], "--candidate-run-id", RUNS["bounds"], "--out", "out")
        self.agree_with("p2/frame-corners+bounds")

    def geometry(self, scorer, candidate, policy=STORED / "policy.yaml", exit_code=0):
        return self.score(scorer, "--runs-root", "frames", "--baseline-json", self.p0("corners") + ".json", "--no-regression-run-id",
                          RUNS["corners"], "--candidate-run-id", RUNS[candidate], "--policy", policy, "--out", "out", exit_code=exit_code)

    def test_p3(self):
        for candidate in ("corners", "bounds"):
            self.geometry("p3", candidate)
            self.agree_with(f"p3/frame-corners+corners+{candidate}")

    def test_p4(self):
        self.geometry("p4", "bounds")
        self.agree_with("p4/frame-corners+corners+bounds")

    def test_a_bad_policy_is_named(self):
        (self.folder / "scalar.yaml").write_text("just text\n")
        for policy in ("scalar.yaml", "absent.yaml"):
            self.assertIn("RS04_POLICY_INVALID", self.geometry("p3", "bounds", policy, exit_code=1).stderr)

    def test_missing_inputs_are_named(self):
        result = self.score("p0", "--runs-root", "frames", "--run-id", "f" * 32, exit_code=1)
        self.assertIn("RS01_RUN_NOT_FOUND", result.stderr)
        run = self.folder / "frames" / RUNS["corners"]
        shutil.rmtree(run / "data/layer1/1B/site_locations")
        result = self.score("p0", "--runs-root", "frames", "--run-id", RUNS["corners"], exit_code=1)
        self.assertIn("RS02_SURFACE_MISSING", result.stderr)
        next(run.glob("reports/**/s2_run_report.json")).unlink()
        result = self.score("p0", "--runs-root", "frames", "--run-id", RUNS["corners"], exit_code=1)
        self.assertIn("RS03_REPORT_MISSING", result.stderr)
        (self.folder / "bad.json").write_text("{}")
        result = self.score("p1", "--runs-root", "frames", "--run-id", RUNS["bounds"], "--baseline-json", "bad.json", exit_code=1)
        self.assertIn("RS05_BASELINE_INVALID", result.stderr)

    def test_proxy_keeps_a_competitive_candidate_and_names_a_missing_one(self):
        (self.folder / "wave.json").write_text(json.dumps({"wave": "w", "promoted_candidates": [RUNS["corners"], "a" * 32]}))
        self.score("p4r3", "--upstream-root", "frames", "--runs-root", "frames", "--wave", "wave.json", "--reference-run-id",
                   RUNS["corners"], "--out", "out")
        wave = json.loads((self.folder / "out/segment1b_p4r3_proxy_w.json").read_text())
        self.assertEqual(wave["shortlisted_candidates_1b"], [RUNS["corners"]])
        self.assertEqual(wave["dropped_candidates"][0]["reason"], "proxy_gate_fail")
        self.assertIsNone(wave["dropped_candidates"][0]["proxy_rank_score"])


class Grades(Scratch):
    def test_a_run_is_graded_and_require_decides_the_exit(self):
        run = f"frames/{RUNS['corners']}"
        grade = json.loads(self.score(run, "--json").stdout)
        self.assertEqual(grade["metrics"]["site_count_total"], 701)
        self.assertEqual(grade["grade"], "below_B")
        self.assertIn("AA", grade["collapse_sentinel_all"]["flagged_countries"])
        self.assertIn("RS_BELOW_LEVEL", self.score(run, "--require", "B", exit_code=3).stderr)
        self.assertIn("PW_USAGE", self.score(run, "--require", "A", exit_code=2).stderr)

    def test_threads_change_no_figure(self):
        run = f"frames/{RUNS['corners']}"
        self.assertEqual(self.score(run, "--json", "--threads", "1").stdout, self.score(run, "--json", "--threads", "4").stdout)

    def test_coincident_sites_fail_the_median(self):
        grade = json.loads(self.score(f"frames/{RUNS['bounds']}", "--json").stdout)
        check = next(c for c in grade["placement_checks"] if c["check"] == "nn_median_above_zero_m")
        self.assertFalse(check["pass"])

    def test_an_empty_run_is_refused(self):
        self.assertIn("RS06_EMPTY_FRAME", self.score(f"frames/{RUNS['empty']}", exit_code=1).stderr)

    def test_a_baseline_of_another_lineage_is_refused(self):
        other = self.folder / "frames" / RUNS["bounds"]
        report = next(other.glob("reports/**/s2_run_report.json"))
        report.write_text(json.dumps({**json.loads(report.read_text()), "countries_total": 3}))
        result = self.score(f"frames/{RUNS['corners']}", "--baseline", f"frames/{RUNS['bounds']}", exit_code=1)
        self.assertIn("RS07_LINEAGE_MISMATCH", result.stderr)

    def test_tables_and_plots(self):
        self.score(f"frames/{RUNS['corners']}", "--csv", "csv", "--plots", "plots")
        self.assertIn("country_gini", (self.folder / "csv/gates.csv").read_text())
        for file in (self.folder / "plots").glob("*.svg"):
            self.assertTrue(file.read_text().startswith("<svg") and file.read_text().endswith("</svg>\n"), file)
        self.assertGreaterEqual(len(list((self.folder / "plots").glob("*.svg"))), 12)


class Certificates(Scratch):
    def test_missing_seeds_fail_the_certificate(self):
        result = self.score("certify", f"frames/{RUNS['corners']}", "--out", "out", exit_code=3)
        self.assertIn("RS_NOT_CERTIFIED", result.stderr)
        card = json.loads((self.folder / "out/segment1b_p5_certification.json").read_text())
        self.assertEqual(card["missing_seeds"], [42, 7, 101, 202])
        self.assertEqual(card["grade"], "below_B")
        self.assertEqual(card["failed_seeds"], [1000])

    def test_a_run_that_cannot_be_read_fails_its_seed(self):
        self.score("certify", f"frames/{RUNS['corners']}", f"frames/{RUNS['empty']}", "--out", "out", exit_code=3)
        card = json.loads((self.folder / "out/segment1b_p5_certification.json").read_text())
        self.assertEqual([r["status"] for r in card["runs"]], ["below_B", "RS06_EMPTY_FRAME"])


class Likeness(Scratch):
    def chain(self, name, seed, n=400, spread=0.3):
        draw = random.Random(seed)
        towns = [(10 + 3 * i, 48 + i % 3) for i in range(5)]
        with open(self.folder / name, "w", newline="") as out:
            out.write("lat_deg,country_iso,lon_deg\n")
            for i in range(n):
                lon, lat = towns[i % 5]
                out.write(f"{lat + draw.gauss(0, spread)},DE,{lon + draw.gauss(0, spread)}\n")

    def test_a_chain_is_like_itself(self):
        self.chain("a.csv", 1)
        found = json.loads(self.score("likeness", "--real", "a.csv", "--sites", "a.csv", "--json").stdout)["summary"]
        self.assertAlmostEqual(found["shared_mass_50"], 1)
        self.assertEqual((found["within_10km"], found["nn_ks"], found["countries"]), (1, 0, 1))

    def test_another_draw_is_like_it_and_a_clump_is_not(self):
        self.chain("a.csv", 1)
        self.chain("b.csv", 2)
        self.chain("clump.csv", 3, spread=0.001)
        near = json.loads(self.score("likeness", "--real", "a.csv", "--sites", "b.csv", "--json", "--map", "m.svg").stdout)["summary"]
        far = json.loads(self.score("likeness", "--real", "a.csv", "--sites", "clump.csv", "--json").stdout)["summary"]
        self.assertGreater(near["shared_mass_50"], far["shared_mass_50"])
        self.assertLess(near["nn_ks"], 0.15)
        self.assertGreater(far["nn_ks"], 0.8)
        self.assertIn("</svg>", (self.folder / "m.svg").read_text())

    def test_too_few_sites_are_said(self):
        self.chain("a.csv", 1, n=10)
        self.assertIn("RS06_EMPTY_FRAME", self.score("likeness", "--real", "a.csv", "--sites", "a.csv", exit_code=1).stderr)


if __name__ == "__main__":
    unittest.main()
