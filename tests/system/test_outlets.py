"""A user's outlets on a half-degree world: what a check foresees, and outlet keys that come back with the sites."""
import csv
import json
import random

import pyarrow.parquet as pq

from support import CoarseWorldTest, placewright

AWKWARD = ["Café, 1st floor", 'the "old" one', "two\nlines", "Ω-0007", " padded "]


def outlets():
    """(merchant, country, outlet_key) in no order: keys recur among merchants, ids use the whole range."""
    rows = [("18446744073709551615", "BR", key) for key in AWKWARD]
    rows += [(merchant, country, f"store-{country}-{i}") for merchant in ("1", "2", "9223372036854775809")
             for country, n in (("DE", 40), ("NA", 3), ("US", 120)) for i in range(n)]
    rows += [("2", "MC", f"store-MC-{i}") for i in range(5)]  # on the denylist
    random.Random(4).shuffle(rows)
    return rows


class Outlets(CoarseWorldTest):
    def write(self, rows, header=("merchant_id", "country_iso", "outlet_key"), name="outlets.csv"):
        path = self.scratch / name
        with open(path, "w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *rows])
        return path

    def place(self, catalogue, out="runs"):
        result = placewright("run", "--catalogue", catalogue, "--world", self.world, "--out", self.scratch / out, "--profile", "demo", "--quiet")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip().splitlines()[-1].removeprefix("run: ")

    def export(self, run, catalogue, form="csv", *more):
        out = self.scratch / f"sites.{form}"
        return out, placewright("export", run, "sites", "--format", form, "--catalogue", catalogue, "--out", out, "--quiet", *more)

    def test_outlet_keys_come_back_with_the_sites(self):
        rows = outlets()
        file, pack = self.write(rows), self.scratch / "pack"
        self.assertEqual(placewright("catalogue", "import", file, "--out", pack).returncode, 0)
        run = self.place(pack)
        wanted = {}
        for merchant, country, key in rows:
            if country != "MC":
                wanted.setdefault((merchant, country), []).append(key)
        wanted = {pair: sorted(keys, key=str.encode) for pair, keys in wanted.items()}  # site_order follows the bytes of the keys

        found, places = {}, {}
        out, result = self.export(run, pack)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(out, newline="") as text:
            for row in csv.DictReader(text):
                keys = found.setdefault((row["merchant_id"], row["legal_country_iso"]), [])
                keys.append(row["outlet_key"])
                self.assertEqual(int(row["site_order"]), len(keys))
                places[row["merchant_id"], row["outlet_key"]] = (float(row["lon_deg"]), float(row["lat_deg"]))
        self.assertEqual(found, wanted)

        out, result = self.export(run, pack, "geojson", "--threads", 1)
        self.assertEqual(result.returncode, 0, result.stderr)
        features = json.loads(out.read_text())["features"]
        self.assertEqual({(f["properties"]["merchant_id"], f["properties"]["outlet_key"]): tuple(f["geometry"]["coordinates"])
                          for f in features}, places)
        out, result = self.export(run, pack, "geoparquet")
        table = pq.read_table(out)
        self.assertEqual({(str(m), k): (x, y) for m, k, x, y in zip(*(table[c].to_pylist() for c in (
            "merchant_id", "outlet_key", "lon_deg", "lat_deg")))}, places)

    def test_keys_of_a_file_and_of_another_catalogue(self):
        file = self.write(outlets())
        run = self.place(file)
        out, result = self.export(run, file)  # by the pack beside the run
        self.assertEqual(result.returncode, 0, result.stderr)
        before = out.read_bytes()
        other = self.scratch / "other"
        placewright("catalogue", "import", self.write(outlets()[1:], name="less.csv"), "--out", other)
        self.assert_refused(self.export(run, other)[1], 1, "IMP_OTHER_CATALOGUE")
        self.assertEqual(out.read_bytes(), before)
        self.assert_refused(self.export(run, self.scratch / "nothing")[1], 1, "PW_INPUT")
        self.assert_refused(placewright("export", run, "tiles", "--catalogue", file, "--out", self.scratch / "tiles"), 2, "PW_USAGE")

    def test_a_check_foresees_denylist_homes_and_countries_without_a_tile(self):
        file = self.write([("1", "DE", 4, "DE"), ("1", "CH", 3, "DE"), ("2", "NA", 2, "FR"), ("3", "SM", 1, "")],
                          header=("merchant_id", "country_iso", "outlets", "home_country_iso"))
        own = self.scratch / "policies"
        own.mkdir()

        def deny(enabled):  # Switzerland, and Monaco, which has no tile here anyway
            (own / "policy.s3.requirements.yaml").write_text(
                f'policy_version: "mine"\nenabled: {enabled}\ndenylist_country_iso: ["CH", "MC"]\n')
            return ["--world", self.world, "--policies", own, "--max-rejects", 1]

        how = deny("true")
        before = sorted(self.scratch.rglob("*"))
        refused = placewright("catalogue", "check", file, "--world", self.world)
        self.assert_refused(refused, 4, "IMP_COUNTRY_NOT_PLACEABLE")
        self.assertIn('line 5: country_iso = "SM"', refused.stdout)
        result = placewright("catalogue", "check", file, *how, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        told = json.loads(result.stdout)
        self.assertEqual(told["concerns"], [{"country": "CH", "outlets": 3, "concern": "on the denylist: its outlets are dropped"}])
        self.assertEqual((told["outlets"], told["to_place"], told["homes_given"], told["homes_without_outlets"]), (9, 6, 2, 1))
        # The share of countries with outlets is one of those that exist in this world: without a tile or denied is out.
        qa = json.loads((self.world / "qa.json").read_text())
        self.assertIn("MC", qa["without_tiles"])
        gate = next(g for g in told["attainability"] if g["gate"] == "eligible_country_nonzero_share")
        self.assertAlmostEqual(gate["observed_low"], 2 / (qa["countries"] - len(qa["without_tiles"]) - 1))
        shown = placewright("catalogue", "check", file, *how)
        for words in ("homes: 2 given, 0 by most outlets; without an outlet at home: 1", "CH: 3 outlets, on the denylist", "to place: 6"):
            self.assertIn(words, shown.stdout)
        self.assertEqual(sorted(self.scratch.rglob("*")), before)  # nothing is written
        open_to_all = placewright("catalogue", "check", file, *deny("false"), "--json")
        self.assertEqual(json.loads(open_to_all.stdout)["concerns"], [], open_to_all.stderr)
        self.assert_refused(placewright("catalogue", "check", file, "--profile", "none"), 2, "PW_USAGE")

    def test_a_catalogue_without_keys_has_none_to_join(self):
        file = self.write([("1", "DE", 4)], header=("merchant_id", "country_iso", "outlets"))
        self.assert_refused(self.export(self.place(file), file)[1], 1, "IMP_NO_OUTLET_KEYS")


if __name__ == "__main__":
    import unittest
    unittest.main()
