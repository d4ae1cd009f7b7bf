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

    def test_a_catalogue_without_keys_has_none_to_join(self):
        file = self.write([("1", "DE", 4)], header=("merchant_id", "country_iso", "outlets"))
        self.assert_refused(self.export(self.place(file), file)[1], 1, "IMP_NO_OUTLET_KEYS")


if __name__ == "__main__":
    import unittest
    unittest.main()
