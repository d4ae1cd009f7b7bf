"""world import of time zones, regions and the licence map, and the warnings of an import."""
import hashlib
import json
import shutil
import struct
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from support import ROOT, SystemTest, placewright
from test_world_import import WGS84, collection, degree_rows, feature, geotiff, ring, wkb

ZONES = "reference/spatial/tz_world/2025a"
REGIONS = "reference/iso/iso_canonical/v2025-10-09"
MAP = ROOT / "data/world/licenses/license_map.yaml"


def zone_boxes(count=401):
    """Zones side by side, one of them in two pieces and with a name of three parts."""
    boxes = {f"Area/Place_{i}": [(-180 + i % 40 * 9, -80 + i // 40 * 14, -180 + i % 40 * 9 + 4, -80 + i // 40 * 14 + 3)] for i in range(count - 1)}
    boxes["America/Argentina/Ushuaia"] = [(-60, 70, -59, 71), (-50, 70, -48, 72)]
    return boxes


def zone_features(boxes):
    return [{"type": "Feature", "properties": {"tzid": name}, "geometry": {"type": "MultiPolygon", "coordinates": [[ring(b)] for b in parts]}}
            for name, parts in boxes.items()]


class WorldImportTables(SystemTest):
    def setUp(self):
        super().setUp()
        self.raster = geotiff(self.scratch / "people.tif", degree_rows(110000))  # 7.1 thousand million: no warning

    def import_(self, *more, out="world"):
        return placewright("world", "import", "--out", self.scratch / out, "--quiet", "--population", self.raster, *more)

    def made(self, *more, out="world"):
        result = self.import_(*more, "--json", out=out)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def refused(self, code, *words, files, exit_code=1):
        self.assert_refused(self.import_(*files), exit_code, code, *words)
        self.assertEqual(sorted(p.name for p in self.scratch.glob("world*")), [])

    def write(self, name, text):
        path = self.scratch / name
        path.write_text(text, encoding="utf-8")
        return path

    def product(self, folder, name, world="world"):
        return json.loads((self.scratch / world / folder / name).read_text())

    def assert_records(self, folder, product, source, world="world"):
        """The four records beside a product, and its source as it was given."""
        at = self.scratch / world / folder
        given = self.product(folder, "provenance.json", world)["sources"][0]
        self.assertEqual(given["raw_sha256"], hashlib.sha256(source.read_bytes()).hexdigest())
        self.assertEqual(self.product(folder, "manifest.json", world)["sha256"], hashlib.sha256((at / product).read_bytes()).hexdigest())
        for line in (at / "SHA256SUMS").read_text().splitlines():
            digest, name = line.split("  ")
            self.assertEqual(digest, hashlib.sha256((at / name).read_bytes()).hexdigest(), name)

    def checked(self, world="world"):
        return placewright("world", "check", self.scratch / world)

    # --- time zones

    def test_every_shape_of_time_zones_gives_the_contract_shape(self):
        boxes = zone_boxes()
        source = self.write("zones.geojson", collection(zone_features(boxes)))
        archive = self.scratch / "zones.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(source, "in/zones.geojson")
        rows = [(name, i, wkb(ring(box))) for name, parts in boxes.items() for i, box in enumerate(parts)]
        geo = {"version": "1.0.0", "columns": {"geom": {"encoding": "WKB", "geometry_types": []}}, "primary_column": "geom"}
        shapes = {"geojson": source, "zip": archive}
        for name, second in (("contract", pa.array([r[1] for r in rows], pa.int32())), ("derived", pa.array(["AR"] * len(rows)))):
            shapes[name] = self.scratch / f"{name}.parquet"
            column = "polygon_id" if name == "contract" else "country_iso"
            pq.write_table(pa.table({"tzid": [r[0] for r in rows], column: second, "geom": [r[2] for r in rows]})
                           .replace_schema_metadata({"geo": json.dumps(geo)}), shapes[name])
        made = {}
        for name, file in shapes.items():
            self.made("--time-zones", file, out=name)
            table = pq.read_table(self.scratch / name / ZONES / "tz_world.parquet")
            self.assertEqual(table.column_names, ["tzid", "polygon_id", "geom"])
            made[name] = table.to_pydict()
            self.assert_records(ZONES, "tz_world.parquet", file, name)
        for name, rows in made.items():
            self.assertEqual(rows, made["geojson"], name)
        argentina = [(i, struct.unpack_from("<d", g, 13)[0]) for z, i, g in zip(*made["zip"].values()) if z.endswith("Ushuaia")]
        self.assertEqual(argentina, [(0, -50.0), (1, -60.0)], "the larger piece first")
        self.assertEqual(self.checked("zip").returncode, 0)
        qa = self.product(ZONES, "qa.json", "zip")
        self.assertEqual((qa["tz_count"], qa["row_count"], qa["features"]), (401, 402, 401))

    def test_a_run_seals_imported_time_zones(self):
        self.made("--time-zones", self.write("zones.geojson", collection(zone_features(zone_boxes()))))
        catalogue = self.write("outlets.csv", "merchant_id,country_iso,outlets\n1,DE,40\n1,FR,7\n")
        done = placewright("run", "--catalogue", catalogue, "--world", self.scratch / "world", "--out", self.scratch / "runs", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        sealed = "".join(p.read_text() for p in (self.scratch / "runs").rglob("sealed_inputs*.json"))
        self.assertIn("tz_world_2025a", sealed)

    def test_time_zones_are_refused_by_code(self):
        good = zone_features(zone_boxes())
        bad_name, no_shape, point = (json.loads(json.dumps(good[0])) for _ in range(3))
        bad_name["properties"]["tzid"] = "America/Argentina//Salta"
        no_shape["geometry"] = None
        point["geometry"] = {"type": "Point", "coordinates": [1, 2]}
        for code, words, features in (("REF_TZ_NAME", ("feature 402", "//Salta"), [*good, bad_name]), ("REF_VEC_INVALID", ("feature 402", "Place_0"), [*good, no_shape]),
                                      ("REF_VEC_TYPE", ("feature 402",), [*good, point]), ("REF_TZ_COUNT", ("400 zones",), good[1:]),
                                      ("REF_TZ_COLUMN", ("ISO_A2", "name"), [feature("DE", (8, 48, 12, 52))])):
            with self.subTest(code):
                self.refused(code, "zones.geojson", *words, files=("--time-zones", self.write("zones.geojson", collection(features))))
        metres = collection(good, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}})
        self.refused("REF_VEC_CRS", files=("--time-zones", self.write("zones.geojson", metres)))

    # --- regions

    def test_regions_of_every_layout(self):
        m49 = "Global Code;Region Name;Sub-region Name;ISO-alpha2 Code\n1;Europe;Western Europe;DE\n1;Americas;Latin America and the Caribbean;AR\n1;;;AQ\n"
        codes = '\ufeffname,alpha-2,region,sub-region\r\n"Germany, F. R.",DE,Europe,Western Europe\r\nArgentina,AR,Americas,Latin America and the Caribbean\r\n'
        for name, text in (("m49.csv", m49), ("codes.csv", codes)):
            file = self.write(name, text)
            result = self.import_("--regions", file, out=name[:-4])
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("warning: REF_REGION_MISSING", result.stdout)
            table = (self.scratch / name[:-4] / REGIONS / "iso_canonical.csv").read_text().splitlines()
            self.assertEqual(len(table), 250)
            self.assertIn("DE,DEU,276,Germany,Europe,Western Europe,,", table)
            self.assertEqual(len(self.product(REGIONS, "qa.json", name[:-4])["without_region"]), 246)
            self.assert_records(REGIONS, "iso_canonical.csv", file, name[:-4])
        self.assertIn("warning: REF_REGION_MISSING", self.checked("m49").stdout)
        warned = self.made("--regions", ROOT / "data/world/countryInfo.txt")["warnings"]
        self.assertEqual([w.split(": ", 2)[2] for w in warned], ["no region for BV GS HM TF"], "Antarctic islands, to GeoNames")
        table = (self.scratch / "world" / REGIONS / "iso_canonical.csv").read_text()
        self.assertIn("MX,MEX,484,Mexico,Americas,Northern America,,", table)
        self.assertIn("BR,BRA,76,Brazil,Americas,South America,,", table)
        self.made("--regions", ROOT / "data/world/iso_canonical_regions.csv", out="same")
        self.assertIn("AD,AND,20,Andorra,Europe,Southern Europe,,", (self.scratch / "same" / REGIONS / "iso_canonical.csv").read_text())

    def test_regions_are_refused_by_code(self):
        for code, words, text in (("REF_REGION_COLUMNS", ("line 1", "alpha-2"), "land,region\nDE,Europe\n"), ("REF_REGION_COLUMNS", ("line 1", "regions"), "iso2,place\nDE,Europe\n"),
                                  ("REF_REGION_COLUMNS", ("line 3", "3 fields"), "iso2,region\nDE,Europe\nFR,Europe,x\n"), ("REF_REGION_COLUMNS", ("line 1",), ""),
                                  ("REF_REGION_DUP", ("line 3", "DE"), "iso2,region\nDE,Europe\nde,Asia\n"), ("REF_REGION_COLUMNS", ("line 2", "19"), "#ISO\nDE\tDEU\n")):
            with self.subTest(text=text):
                self.refused(code, "regions.csv", *words, files=("--regions", self.write("regions.csv", text)))
        (self.scratch / "latin.csv").write_bytes(b"iso2,region\nDE,Europe\nAX,\xc5land\n")
        self.refused("REF_REGION_COLUMNS", "UTF-8", files=("--regions", self.scratch / "latin.csv"))

    # --- licences

    def licences(self, change=None):
        content = yaml.safe_load(MAP.read_text())
        if change:
            change(content)
        return self.write("license_map.yaml", yaml.safe_dump(content, sort_keys=False))

    def test_an_own_licence_map_brings_its_texts(self):
        def add(content):
            content["licenses"]["CC0-1.0"] = {**content["licenses"]["Public-Domain"], "spdx": "CC0-1.0", "text_path": "licenses/CC0-1.0.txt"}
        (self.scratch / "licenses").mkdir()
        (self.scratch / "licenses/CC0-1.0.txt").write_text("no rights reserved\n")
        source = self.licences(add)
        self.assertIn("CC0-1.0", self.made("--licences", source)["licences"])
        self.assertEqual((self.scratch / "world/licenses/CC0-1.0.txt").read_text(), "no rights reserved\n")
        self.assertEqual((self.scratch / "world/licenses/license_map.yaml").read_bytes(), source.read_bytes())
        self.assert_records("licenses", "license_map.yaml", source)
        self.assertEqual(self.checked().returncode, 0)
        (self.scratch / "world/licenses/CC0-1.0.txt").unlink()
        looked = self.checked()
        self.assertEqual(looked.returncode, 3)
        self.assertIn("the text of CC0-1.0 is missing", looked.stdout)

    def test_licence_maps_are_refused_by_code(self):
        def entry(key, value):
            return lambda content: content["licenses"]["ODbL-1.0"].__setitem__(key, value)
        cases = (("REF_LIC_MAP", "semver", lambda c: c.__setitem__("semver", "1.1")), ("REF_LIC_MAP", "version", lambda c: c.pop("version")),
                 ("REF_LIC_MAP", "no others", lambda c: c.__setitem__("more", 1)), ("REF_LIC_MAP", "licenses.ODbL-1.0.sharealike", entry("sharealike", "yes")),
                 ("REF_LIC_MAP", "redistribution", entry("redistribution", "free")), ("REF_LIC_MAP", "licenses.ODbL-1.0.url", entry("url", "x")),
                 ("REF_LIC_MAP", "text_path is missing", lambda c: c["licenses"]["ODbL-1.0"].pop("text_path")),
                 ("REF_LIC_NAME", "spdx", entry("spdx", "ODbL")), ("REF_LIC_NAME", "CC-BY-4.0", lambda c: c["licenses"].pop("CC-BY-4.0")),
                 ("REF_LIC_NAME", "SEE-FILES", lambda c: c["licenses"].pop("SEE-FILES")), ("REF_LIC_TEXT", "absent.txt", entry("text_path", "licenses/absent.txt")),
                 ("REF_LIC_TEXT", "..", entry("text_path", "licenses/../../x.txt")), ("REF_LIC_TEXT", "/etc", entry("text_path", "/etc/x.txt")),
                 ("REF_LIC_TEXT", "manifest", entry("text_path", "licenses/manifest.json")))
        for code, word, change in cases:
            with self.subTest(code, word=word):
                self.refused(code, "license_map.yaml", word, files=("--licences", self.licences(change)))
        self.refused("REF_LIC_MAP", "line", files=("--licences", self.write("license_map.yaml", "a: [\n")))

    # --- warnings, sizes

    def test_doubtful_inputs_are_warned_of_and_taken(self):
        land = self.write("land.geojson", collection([feature("DE", (8, 48, 12, 52))]))
        self.raster = geotiff(self.scratch / "few.tif", degree_rows())
        codes = [w.split(":")[0] for w in self.made("--polygons", land)["warnings"]]
        self.assertEqual(codes, ["REF_RAS_SUM", "REF_VEC_RESOLUTION"])
        for verb in ("check", "show"):
            looked = placewright("world", verb, self.scratch / "world")
            self.assertEqual(looked.returncode, 0)
            self.assertIn("warning: REF_VEC_RESOLUTION", looked.stdout)

    def test_a_table_that_is_too_large_is_not_read(self):
        huge = self.scratch / "huge.txt"
        with open(huge, "wb") as out:
            out.truncate(3 << 30)  # one line, no bytes on disk
        for option in ("--iso", "--regions", "--licences"):
            self.refused("REF_FILE_SIZE", "huge.txt", files=(option, huge), exit_code=5)
