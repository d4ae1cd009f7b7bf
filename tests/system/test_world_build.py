"""world build: whose the ground is, as the user says it, and as the reference engine had it."""
import json

import pyarrow.parquet as pq

from support import SystemTest, placewright

PRODUCT = "reference/spatial/world_countries/2024"


class WorldBuild(SystemTest):
    def build(self, *more, out="world"):
        return placewright("world", "build", "--cells-per-degree", 1, "--quiet", "--out", self.scratch / out, *more)

    def ground(self, *more, out="world"):
        """Bytes of each country's polygons, and the record of how they came about."""
        result = self.build(*more, out=out)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = pq.ParquetFile(self.scratch / out / PRODUCT / "world_countries.parquet").read()
        record = json.loads((self.scratch / out / PRODUCT / "qa.json").read_text())
        return dict(zip(rows["country_iso"].to_pylist(), rows["geom"].to_pylist())), record

    def territories(self, text):
        path = self.scratch / "ground.yaml"
        path.write_text(text)
        return path

    def test_territories_move_the_ground_they_name_and_no_other(self):
        plain, record = self.ground()
        self.assertIn("Kosovo", record["features_without_code"])
        mine = self.territories("Somaliland: SO\nKosovo: RS\nCrimea: UA  # RU by default\n")
        moved, record = self.ground("--territories", mine, out="mine")
        self.assertEqual({code for code in plain if plain[code] != moved[code]}, {"SO", "RS", "UA", "RU"})
        self.assertEqual(record["features_given"]["Crimea"], "UA")
        self.assertNotIn("Kosovo", record["features_without_code"])
        self.assertEqual(placewright("world", "check", self.scratch / "mine").returncode, 0)

    def test_ground_can_be_nobodys(self):
        _, record = self.ground("--territories", self.territories("Baikonur: none\n"))
        self.assertIn("Baikonur", record["features_without_code"])

    def test_faulty_territories_are_refused_with_file_and_line(self):
        for text, line, word in (("# x\nKosovo: XK\n", 2, "XK"), ("Narnia: SO\n", 1, "Somaliland"), ("W. Sahara: MA\n", 1, "W. Sahara"),
                                 ("Kosovo: RS\nCrimea: UA\nKosovo: AL\n", 3, "line 1")):
            result = self.build("--territories", self.territories(text))
            self.assertEqual(result.returncode, 1)
            for part in ("REF_VEC_TERRITORY", f"ground.yaml: line {line}:", word):
                self.assertIn(part, result.stderr)
        self.assertFalse((self.scratch / "world").exists())
        both = self.build("--reference-codes", "--territories", self.territories("Kosovo: RS\n"))
        self.assertEqual((both.returncode, "PW_USAGE" in both.stderr), (2, True), both.stderr)

    def test_the_references_table_leaves_parts_with_their_parents(self):
        ours, record = self.ground()
        self.assertEqual((len(ours), record["missing_iso_before_aug"]), (249, ["VA"]))
        theirs, record = self.ground("--reference-codes", out="reference")
        self.assertEqual(record["missing_iso_before_aug"], "AN BQ BV CC CS CX GF GP MQ RE SJ TK VA YT".split())
        self.assertEqual((len(theirs), record["cut_from_parents"], record["features_given"]), (251, {}, {}))
        self.assertGreater(len(theirs["FR"]), len(ours["FR"]))
        # a square: one ring of five points
        self.assertEqual({len(theirs[code]) for code in record["missing_iso_before_aug"]}, {1 + 4 + 4 + 4 + 5 * 16})
