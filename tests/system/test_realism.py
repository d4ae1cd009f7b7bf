"""The profiles lifelike and balanced on a half-degree world: laws that hold whatever the parameters."""
import csv
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import yaml
from jsonschema import Draft202012Validator

from support import ROOT, CoarseWorldTest, digests, placewright

OUTLETS = [("1", "DE", 400, ""), ("1", "FR", 7, ""), ("2", "US", 3000, 0), ("3", "US", 3000, 1), ("77", "FJ", 30, ""), ("78", "RU", 50, "")]


class Realism(CoarseWorldTest):
    def place(self, profile, *more, rows=OUTLETS, out="runs"):
        catalogue = self.scratch / "outlets.csv"
        with open(catalogue, "w", newline="") as file:
            csv.writer(file).writerows([("merchant_id", "country_iso", "outlets", "orientation"), *rows])
        result = placewright("run", "--catalogue", catalogue, "--world", self.world, "--out", self.scratch / out, "--profile", profile,
                             "--quiet", *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return Path(result.stdout.strip().splitlines()[-1].removeprefix("run: "))

    def sites(self, run):
        table = pq.read_table(run / "data/layer1/1B/site_locations")
        keys = zip(table["merchant_id"].to_pylist(), table["legal_country_iso"].to_pylist(), table["site_order"].to_pylist())
        return dict(zip(keys, zip(table["lon_deg"].to_pylist(), table["lat_deg"].to_pylist())))

    def test_both_profiles_pass_and_verify(self):
        for profile in ("lifelike", "balanced"):
            with self.subTest(profile):
                run = self.place(profile)
                self.assertEqual(len(self.sites(run)), sum(n for _, _, n, _ in OUTLETS))
                verified = placewright("verify", run)
                self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
                self.assertIn("the allocation of each pair is the one its start gives", verified.stdout)

    def test_threads_rows_and_jsonl_change_no_site(self):
        plain = self.place("lifelike", "--threads", 1, out="one")
        other = self.place("lifelike", "--threads", 8, out="eight")
        self.assertEqual(digests(plain), digests(other))
        rows = self.place("lifelike", "--publish", "rows", "--events", "jsonl", out="rows")
        self.assertEqual(self.sites(plain), self.sites(rows))
        verified = placewright("verify", rows)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_a_merchant_added_elsewhere_moves_no_site(self):
        before = self.sites(self.place("lifelike"))
        after = self.sites(self.place("lifelike", rows=[("5", "DE", 900, ""), ("1", "DE", 400, ""), *OUTLETS[1:], ("79", "NZ", 3, 0.5)]))
        for site, place in before.items():
            self.assertEqual(after[site], place)

    def test_orientation_decides_where_a_chain_stands(self):
        sites = self.sites(self.place("lifelike"))
        def spread(merchant):  # half-degree cells in use: a metropolitan chain keeps to fewer
            return len({(round(lon * 2), round(lat * 2)) for (m, _, _), (lon, lat) in sites.items() if m == merchant})
        self.assertLess(spread(3), 0.7 * spread(2))

    def test_no_pair_stands_on_one_raster_row(self):
        plan = pq.read_table(self.place("lifelike") / "data/layer1/1B/s4_alloc_plan")
        rows = {}
        for merchant, country, tile in zip(plan["merchant_id"].to_pylist(), plan["legal_country_iso"].to_pylist(), plan["tile_id"].to_pylist()):
            rows.setdefault((merchant, country), set()).add(tile // 720)
        for pair, used in rows.items():
            self.assertGreater(len(used), 1, pair)

    def test_policies_have_the_documented_shape(self):
        schemas = yaml.safe_load((ROOT / "contracts/schemas/schemas.placewright.yaml").read_text())
        shapes = {"policy.s2.tile_weights": schemas["policies"]["masses"], "policy.s4.alloc_plan": schemas["policies"]["sampling"],
                  "policy.s5.assignment": schemas["assignment_policy"], "policy.s6.jitter": schemas["policies"]["settled"]}
        for profile in ("lifelike", "balanced"):
            for name, shape in shapes.items():
                policy = yaml.safe_load((ROOT / f"contracts/profiles/{profile}/{name}.yaml").read_text())
                Draft202012Validator({**schemas, **shape}).validate(json.loads(json.dumps(policy)))

    def test_a_policy_out_of_range_is_refused_by_name(self):
        policies = self.scratch / "policies"
        shutil.copytree(ROOT / "contracts/profiles/lifelike", policies)
        path = policies / "policy.s4.alloc_plan.yaml"
        path.write_text(path.read_text().replace('"0": 0.45', '"0": 0.55'))
        catalogue = self.scratch / "outlets.csv"
        catalogue.write_text("merchant_id,country_iso,outlets\n1,DE,4\n")
        result = placewright("run", "--catalogue", catalogue, "--world", self.world, "--out", self.scratch / "runs", "--policies", policies, "--quiet")
        self.assertEqual(result.returncode, 1)
        self.assertIn("orientation_shares must sum to 1", result.stderr)
