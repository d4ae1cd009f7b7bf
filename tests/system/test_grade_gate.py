"""policy.s9.validation.yaml: no flag for a run whose grade is below the level asked for."""
import json
import shutil
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from support import ROOT, CoarseWorldTest, digests, placewright

NAME = "policy.s9.validation.yaml"


def policy(level, of="placement"):
    return f"policy_version: placewright-test-1\nrequire_grade: {level}\ngrade_of: {of}\n"


class GradeGate(CoarseWorldTest):
    def place(self, text, *more, out="runs"):
        """Result and run folder of two countries under `balanced`: B_plus as a placement, below B as a whole."""
        folder, catalogue = self.scratch / "policies", self.scratch / "outlets.csv"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "contracts/profiles/balanced", folder)
        if text:
            (folder / NAME).write_text(text)
        catalogue.write_text("merchant_id,country_iso,outlets\n1,DE,400\n1,FR,300\n")
        result = placewright("run", "--catalogue", catalogue, "--world", self.world, "--out", self.scratch / out, "--policies", folder,
                             "--quiet", *more)
        runs = [p.parent for p in (self.scratch / out).glob("*/run_receipt.json")]
        return result, runs[0] if runs else None

    def bundle(self, run):
        return next((run / "data/layer1/1B/validation").glob("manifest_fingerprint=*"))

    def test_a_level_not_reached_shuts_the_gate(self):
        result, run = self.place(policy("B", "whole"))
        self.assert_refused(result, 3, "E_VALIDATION_FAILED", "E915_GRADE_BELOW_LEVEL")
        bundle = self.bundle(run)
        self.assertFalse((bundle / "_passed.flag").exists())
        failures = json.loads((bundle / "s9_failures.json").read_text())
        self.assertEqual(failures["decision"], "FAIL")
        self.assertEqual([f["code"] for f in failures["failures"]], ["E915_GRADE_BELOW_LEVEL"])
        self.assertIn("E915_GRADE_BELOW_LEVEL", next(run.glob("run_log_*.log")).read_text())
        self.assertEqual(json.loads((bundle / "s9_summary.json").read_text())["grade"],
                         {"of": "whole", "grade": "below_B", "required": "B", "reached": False})
        again, _ = self.place(policy("B", "whole"))
        self.assert_refused(again, 3, "E_VALIDATION_FAILED")
        refused = placewright("export", run, "sites", "--out", self.scratch / "sites.csv")
        self.assertEqual(refused.returncode, 3, refused.stderr)

    def test_a_level_reached_opens_it_and_verifies(self):
        result, run = self.place(policy("B_plus"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue((self.bundle(run) / "_passed.flag").exists())
        summary = json.loads((self.bundle(run) / "s9_summary.json").read_text())
        self.assertEqual(summary["grade"], {"of": "placement", "grade": "B_plus", "required": "B_plus", "reached": True})
        scored = json.loads(placewright("score", run, "--no-people", "--json").stdout)
        self.assertEqual(summary["grade"]["grade"], scored["placement_grade"])
        schemas = yaml.safe_load((ROOT / "contracts/schemas/schemas.1B.yaml").read_text())
        Draft202012Validator({**schemas, **schemas["validation"]["s9_summary"]}).validate(summary)
        verified = placewright("verify", run)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_threads_change_no_byte(self):
        _, one = self.place(policy("B", "whole"), "--threads", 1, out="one")
        _, four = self.place(policy("B", "whole"), "--threads", 4, out="four")
        self.assertEqual(digests(one), digests(four))

    def test_without_a_level_the_summary_tells_no_grade(self):
        for text in ("", policy("none")):
            result, run = self.place(text, out=f"runs{len(text)}")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertNotIn("grade", json.loads((self.bundle(run) / "s9_summary.json").read_text()))

    def test_a_mistake_in_the_policy_is_told_before_the_first_state(self):
        result, run = self.place(policy("A"))
        self.assert_refused(result, 1, "PW_POLICY", "require_grade")
        self.assertFalse((run / "data/layer1/1B").exists())

    def test_a_changed_level_runs_s9_alone(self):
        golden = self.golden()
        self.assertEqual(golden.place().returncode, 0)
        extra = golden.folder / "strict/config/layer1/1B/policy"
        extra.mkdir(parents=True)
        (extra / NAME).write_text(policy("B"))
        lane = placewright("lane", "rerun", golden.receipt["run_id"], "--runs-root", "runs", "--external-root", "strict", "--external-root",
                           f"policy_{golden.name}", "--external-root", "ext", "--quiet", "--json", cwd=golden.folder)
        self.assertEqual(lane.returncode, 3, lane.stderr)
        told = json.loads(lane.stdout)
        self.assertEqual((told["from"], told["changed_inputs"]), ("S9", ["validation_policy"]))

    def test_an_own_run_takes_the_level_from_a_lane(self):
        _, run = self.place("")
        file = self.scratch / NAME
        file.write_text(policy("B", "whole"))
        lane = placewright("lane", "rerun", run.name, "--runs-root", self.scratch / "runs", "--policy", file, "--quiet", "--json")
        self.assertEqual(lane.returncode, 3, lane.stderr)
        self.assertEqual(set(json.loads(lane.stdout)["changed_inputs"]), {"validation_policy", "identity"})
