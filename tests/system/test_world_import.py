"""world import: a user's polygons and population in every format, and files that must be refused by code."""
import gzip
import hashlib
import json
import shutil
import sqlite3
import struct
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from support import ROOT, SystemTest, placewright

WGS84 = ('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
         'UNIT["degree",0.0174532925199433]]')
MERCATOR = ('PROJCS["m",' + WGS84 + ',PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],'
            'PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]')
SQUARES = {"DE": (8, 48, 12, 52), "FR": (0, 44, 4, 48), "NA": (14, -24, 18, -20)}


def ring(box):
    west, south, east, north = box
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


def feature(code, box, **more):
    return {"type": "Feature", "properties": {"ISO_A2": code, "name": f"land of {code}", **more},
            "geometry": {"type": "Polygon", "coordinates": [ring(box)]}}


def collection(features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def wkb(points, kind=3):
    return struct.pack("<BIII", 1, kind, 1, len(points)) + b"".join(struct.pack("<2d", *p) for p in points)


def shapefile(folder, crs=WGS84):
    """squares.shp, .shx, .dbf, .prj with a column ISO_A3 of alpha-3 codes."""
    alpha3 = {"DE": "DEU", "FR": "FRA", "NA": "NAM"}
    records, index, at = b"", b"", 50
    for number, box in enumerate(SQUARES.values(), 1):
        points = ring(box)
        body = struct.pack("<i4d3i", 5, *box, 1, len(points), 0) + b"".join(struct.pack("<2d", *p) for p in points)
        records += struct.pack(">2i", number, len(body) // 2) + body
        index += struct.pack(">2i", at, len(body) // 2)
        at += 4 + len(body) // 2

    def header(size):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + size) // 2) + struct.pack("<2i8d", 1000, 5, 0, -24, 18, 52, 0, 0, 0, 0)
    (folder / "squares.shp").write_bytes(header(len(records)) + records)
    (folder / "squares.shx").write_bytes(header(len(index)) + index)
    dbf = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(SQUARES), 65, 4) + struct.pack("<11sc4xBB14x", b"ISO_A3", b"C", 3, 0) + b"\r"
    (folder / "squares.dbf").write_bytes(dbf + b"".join(b" " + alpha3[c].encode() for c in SQUARES) + b"\x1a")
    if crs:
        (folder / "squares.prj").write_text(crs)
    return folder / "squares.shp"


def geopackage(path):
    db = sqlite3.connect(path)
    db.executescript("""
        PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10200;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
            last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
            z TINYINT, m TINYINT);
        INSERT INTO gpkg_contents VALUES ('land', 'features', 'land', '', '2020-01-01T00:00:00Z', -180, -90, 180, 90, 4326);
        INSERT INTO gpkg_geometry_columns VALUES ('land', 'geom', 'POLYGON', 4326, 0, 0);
        CREATE TABLE land (fid INTEGER PRIMARY KEY, geom BLOB, iso2 TEXT);""")
    db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, ?, '')", (WGS84,))
    for code, box in SQUARES.items():
        db.execute("INSERT INTO land (geom, iso2) VALUES (?, ?)", (b"GP\0\1" + struct.pack("<i", 4326) + wkb(ring(box)), code))
    db.commit()
    db.close()
    return path


def geotiff(path, values, kind="f", west=-180.0, north=90.0, size=1.0, nodata=None, epsg=4326, matrix=None, bands=1, point=False):
    """One strip, one band: rows of values; kind is a struct letter."""
    form = {"f": 3, "d": 3, "h": 2, "H": 1, "B": 1, "i": 2, "q": 2, "Q": 1}[kind]
    data = b"".join(struct.pack(f"<{len(row)}{kind}", *row) for row in values) * bands
    width = struct.calcsize(kind)
    geo = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2 if point else 1, 2048, 0, 1, epsg]
    if epsg == 3395:
        geo = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg]
    tags = [(256, "H", [len(values[0])]), (257, "H", [len(values)]), (258, "H", [8 * width] * bands), (259, "H", [1]), (262, "H", [1]),
            (273, "I", [8]), (277, "H", [bands]), (278, "H", [len(values)]), (279, "I", [len(data)]), (339, "H", [form] * bands)]
    if matrix:
        tags.append((34264, "d", matrix))
    else:
        tags += [(33550, "d", [size, size, 0]), (33922, "d", [0, 0, 0, west, north, 0])]
    if epsg:
        tags.append((34735, "H", geo))
    if nodata is not None:
        tags.append((42113, "s", nodata.encode() + b"\0"))
    if bands > 1:  # planes one after the other
        tags = [t for t in tags if t[0] not in (273, 279)]
        one = len(data) // bands
        tags += [(273, "I", [8 + one * b for b in range(bands)]), (279, "I", [one] * bands), (284, "H", [2])]
    tags.sort()
    directory = 8 + len(data) + len(data) % 2
    extra, entries = b"", b""
    for tag, letter, content in tags:
        code = {"H": 3, "I": 4, "d": 12, "s": 2}[letter]
        packed = content if letter == "s" else struct.pack(f"<{len(content)}{letter}", *content)
        if len(packed) > 4:
            place = struct.pack("<I", directory + 2 + 12 * len(tags) + 4 + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, code, len(content)) + place
    path.write_bytes(b"II*\0" + struct.pack("<I", directory) + data + b"\0" * (len(data) % 2) + struct.pack("<H", len(tags)) + entries +
                     b"\0\0\0\0" + extra)
    return path


def degree_rows(value=10, columns=360, rows=180):
    return [[value] * columns for _ in range(rows)]


class WorldImport(SystemTest):
    def geojson(self, features=None, name="land.geojson", **more):
        path = self.scratch / name
        path.write_text(collection(features or [feature(c, b) for c, b in SQUARES.items()], **more))
        return path

    def import_(self, *more, out="world"):
        return placewright("world", "import", "--out", self.scratch / out, "--quiet", *more)

    def made(self, *more, out="world"):
        result = self.import_(*more, "--json", out=out)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def refused(self, code, *words, files=(), exit_code=1):
        result = self.import_(*files)
        self.assert_refused(result, exit_code, code, *words)
        self.assertEqual(sorted(p.name for p in self.scratch.glob("world*")), [])
        return result

    def record(self, name, folder="world", product="reference/spatial/population/2025"):
        return json.loads((self.scratch / folder / product / name).read_text())

    def run_on(self, world, rows="1,DE,40\n1,FR,7\n2,NA,9\n"):
        catalogue = self.scratch / "outlets.csv"
        catalogue.write_text("merchant_id,country_iso,outlets\n" + rows)
        return placewright("run", "--catalogue", catalogue, "--world", world, "--out", self.scratch / "runs", "--quiet")

    # --- what is taken

    def test_polygons_and_population_make_a_world_that_a_run_passes_on(self):
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        facts = self.made("--polygons", self.geojson(), "--population", raster)
        self.assertEqual((facts["countries"], facts["columns"], facts["rows"], facts["people"]), (249, 360, 180, 648000))
        world = self.scratch / "world"
        copied = world / "reference/spatial/population/2025/population.tif"
        self.assertEqual(copied.read_bytes(), raster.read_bytes())
        self.assertFalse((world / "reference/spatial/population_rural").exists())
        source = self.record("provenance.json")["sources"][0]
        self.assertEqual(source["raw_sha256"], hashlib.sha256(raster.read_bytes()).hexdigest())
        rows = {r["country_iso"]: r for r in self.record("qa.json")["countries"]}
        self.assertEqual((rows["DE"]["tiles"], rows["DE"]["people"]), (16, 160))
        for verb in ("check", "show"):
            looked = placewright("world", verb, world)
            self.assertEqual(looked.returncode, 0, looked.stdout + looked.stderr)
            self.assertIn("countries: 249", looked.stdout)
        done = self.run_on(world)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(list((self.scratch / "runs").rglob("_passed.flag")))

    def test_polygons_alone_get_the_modelled_population(self):
        facts = self.made("--polygons", self.geojson(), "--cells-per-degree", 2)
        self.assertEqual(facts["columns"], 720)
        self.assertTrue((self.scratch / "world/reference/spatial/population_rural/2025/population_rural.tif").exists())
        done = self.run_on(self.scratch / "world")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_population_alone_keeps_the_embedded_polygons(self):
        facts = self.made("--population", geotiff(self.scratch / "people.tif", degree_rows()))
        self.assertEqual(facts["countries"], 249)
        self.assertEqual(placewright("world", "check", self.scratch / "world").returncode, 0)

    def test_every_format_gives_the_same_polygons(self):
        (self.scratch / "shp").mkdir()
        shape = shapefile(self.scratch / "shp")
        archive = self.scratch / "land.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for part in sorted(shape.parent.iterdir()):
                out.write(part, f"inside/{part.name}")
        arcs = [ring(b) for b in SQUARES.values()]
        numeric = {"DE": "276", "FR": "250", "NA": "516"}
        topology = self.scratch / "land.topojson"
        topology.write_text(json.dumps({"type": "Topology", "arcs": arcs, "objects": {"land": {
            "type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[i]], "id": numeric[c]} for i, c in enumerate(SQUARES)]}}}))
        parquet = self.scratch / "land.parquet"
        geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon"]}}}
        table = pa.table({"country_iso": list(SQUARES), "geometry": [wkb(ring(b)) for b in SQUARES.values()]})
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), parquet)
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        shapes = {}
        for name, file in {"geojson": self.geojson(), "shp": shape, "zip": archive, "gpkg": geopackage(self.scratch / "land.gpkg"),
                           "topojson": topology, "parquet": parquet}.items():
            self.made("--polygons", file, "--population", raster, out=f"{name}-world")
            made = pq.read_table(self.scratch / f"{name}-world" / "reference/spatial/world_countries/2024/world_countries.parquet")
            shapes[name] = made.select(["country_iso", "geom"]).to_pydict()
        for name, shape in shapes.items():
            self.assertEqual(shape, shapes["geojson"], name)

    def test_same_input_same_bytes_and_another_world_is_not_overwritten(self):
        def bytes_of(folder):
            return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        files = ("--polygons", self.geojson(), "--population", raster)
        self.made(*files, "--threads", 1)
        self.made(*files, "--threads", 4, out="again")
        self.assertEqual(bytes_of(self.scratch / "world"), bytes_of(self.scratch / "again"))
        self.made(*files)
        geotiff(raster, degree_rows(11))
        self.assert_refused(self.import_(*files), 6, "WORLD_TARGET")

    def test_integers_doubles_and_nodata_are_read_as_they_are(self):
        for kind, nodata, hole in (("d", "-99999", -99999.0), ("i", "-1", -1), ("q", "-7", -7), ("Q", "99", 99)):
            rows = degree_rows()
            rows[40][188] = hole
            raster = geotiff(self.scratch / f"{kind}.tif", rows, kind=kind, nodata=nodata)
            facts = self.made("--polygons", self.geojson(), "--population", raster, out=kind)
            self.assertEqual(facts["people"], 647990, kind)
        self.assertEqual(placewright("world", "check", self.scratch / "i").returncode, 0)
        self.assertEqual(self.run_on(self.scratch / "i").returncode, 0)

    def test_features_without_a_code_are_left_out_only_when_asked_to(self):
        features = [feature(c, b) for c, b in SQUARES.items()] + [feature("-99", (20, 42, 21, 43), ADM0_A3="KOS")]
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        files = ("--polygons", self.geojson(features), "--population", raster)
        self.refused("REF_VEC_CODE", "feature 4", "KOS", files=files)
        self.made(*files, "--skip-unusable")
        left_out = self.record("qa.json", product="reference/spatial/world_countries/2024")["features_without_code"]
        self.assertEqual(left_out, ["feature 4: land of -99"])

    def test_the_embedded_polygons_can_be_imported_as_a_user_would(self):
        world = self.scratch / "land.topojson.gz"
        shutil.copy(ROOT / "data/world/countries-10m.topojson.gz", world)
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        self.made("--polygons", world, "--layer", "countries", "--skip-unusable", "--population", raster)
        qa = self.record("qa.json", product="reference/spatial/world_countries/2024")
        self.assertIn("feature 167: Vatican", qa["features_without_code"])
        self.assertEqual(qa["embedded_polygons"], ["CC", "CX", "VA"])
        self.assertEqual(qa["cut_from_parents"]["GF"], "France")

    def test_an_own_iso_table_replaces_the_embedded_one(self):
        table = self.scratch / "mine.txt"
        text = (ROOT / "data/world/countryInfo.txt").read_text(encoding="utf-8")
        table.write_text(text.replace("\tGermany\t", "\tDeutschland\t"), encoding="utf-8")
        raster = geotiff(self.scratch / "people.tif", degree_rows())
        self.made("--polygons", self.geojson(), "--population", raster, "--iso", table)
        iso = pq.read_table(self.scratch / "world/reference/iso/iso3166_canonical/2024-12-31/iso3166.parquet")
        self.assertEqual(iso["name"].to_pylist()[iso["country_iso"].to_pylist().index("DE")], "Deutschland")
        table.write_text("<html>not found</html>\n")
        shutil.rmtree(self.scratch / "world")
        self.refused("REF_ISO_FIELDS", "mine.txt", "line 1", files=("--iso", table))
        germany = next(line for line in text.splitlines() if line.startswith("DE\t"))
        table.write_text(text + germany.replace("DE\tDEU\t276", "XQ\tXQQ\t999", 1) + "\n", encoding="utf-8")
        self.refused("REF_VEC_COVERAGE", "XQ", files=("--iso", table))

    # --- what is refused: polygons

    def test_polygons_of_another_kind_place_or_code_are_refused(self):
        point = {"type": "Feature", "properties": {"ISO_A2": "FR"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
        empty = {"type": "Feature", "properties": {"ISO_A2": "FR"}, "geometry": {"type": "Polygon", "coordinates": []}}
        none = {"type": "Feature", "properties": {"ISO_A2": "FR"}, "geometry": None}
        nameless = {"type": "Feature", "properties": {"land": "FR"}, "geometry": feature("FR", SQUARES["FR"])["geometry"]}
        for code, second, word in (("REF_VEC_TYPE", point, "POINT"), ("REF_VEC_INVALID", empty, "feature 2"), ("REF_VEC_INVALID", none, "feature 2"),
                                   ("REF_VEC_BOUNDS", feature("FR", (4e5, 5e6, 5e5, 6e6)), "5000000"), ("REF_VEC_CODE", feature("QQ", SQUARES["FR"]), "QQ")):
            self.refused(code, "feature 2", word, files=("--polygons", self.geojson([feature("DE", SQUARES["DE"]), second])))
        self.refused("REF_VEC_COLUMNS", "land", files=("--polygons", self.geojson([nameless])))
        self.refused("REF_VEC_COLUMNS", "code", files=("--polygons", self.geojson(), "--iso-field", "code"))
        (self.scratch / "none.geojson").write_text(collection([]))
        self.refused("REF_VEC_EMPTY", files=("--polygons", self.scratch / "none.geojson"))

    def test_another_or_no_coordinate_system_is_refused(self):
        for name, crs in (("m", MERCATOR), ("none", None)):
            folder = self.scratch / name
            folder.mkdir()
            self.refused("REF_VEC_CRS", files=("--polygons", shapefile(folder, crs)))
        self.refused("REF_VEC_CRS", files=("--polygons", self.geojson(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}})))

    def test_several_layers_need_a_name(self):
        world = self.scratch / "world.topojson"
        world.write_bytes(gzip.decompress((ROOT / "data/world/countries-10m.topojson.gz").read_bytes()))
        result = self.import_("--polygons", world, out="layers")
        self.assert_refused(result, 1, "REF_VEC_LAYER", "countries, land")

    def test_broken_polygon_files_are_refused_by_code(self):
        whole = collection([feature(c, b) for c, b in SQUARES.items()])
        archive = self.scratch / "land.zip"
        with zipfile.ZipFile(archive, "w") as out:
            out.writestr("land.geojson", whole)
        deep = '{"type":"FeatureCollection","features":' + "[" * 10000 + "]" * 10000 + "}"
        deep_ring = '{"type":"Feature","properties":{"ISO_A2":"DE"},"geometry":{"type":"Polygon","coordinates":' + "[" * 10000 + "]" * 10000 + "}}"
        geopackage(self.scratch / "whole.gpkg")
        (self.scratch / "shp").mkdir()
        shape = shapefile(self.scratch / "shp")
        parts = {"half.zip": archive.read_bytes()[:len(archive.read_bytes()) // 2], "magic.zip": b"not a zip", "magic.gpkg": b"not a database",
                 "half.geojson": whole[:len(whole) // 2].encode(), "deep.geojson": deep.encode(), "deep2.geojson": deep_ring.encode(),
                 "half.gpkg": (self.scratch / "whole.gpkg").read_bytes()[:9000], "empty.geojson": b"", "magic.parquet": b"PAR1 and no more",
                 "zeros.topojson": b'{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[99]]}},"arcs":[]}'}
        for name, content in parts.items():
            (self.scratch / name).write_bytes(content)
            with self.subTest(name):
                result = self.import_("--polygons", self.scratch / name)
                self.assertIn(result.returncode, (1, 5), result.stderr)
                self.assertRegex(result.stderr, r"\b(PW|REF)_[A-Z_]+")
        shape.write_bytes(shape.read_bytes()[:300])
        result = self.import_("--polygons", shape)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(list(self.scratch.glob("world*")), [])
        self.refused("PW_INPUT", files=("--polygons", self.scratch / "absent.shp"))

    # --- what is refused: population

    def test_rasters_of_another_place_or_kind_are_refused(self):
        land = ("--polygons", self.geojson())
        rows = degree_rows(columns=4, rows=4)
        turned = [1, 0.1, 0, 0, 0.1, -1, 0, 50, 0, 0, 0, 0, 0, 0, 0, 1]
        south_up = [1, 0, 0, 0, 0, 1, 0, 44, 0, 0, 0, 0, 0, 0, 0, 1]
        for code, options in (("REF_RAS_CRS", {"epsg": 3395, "west": 0, "north": 50}), ("REF_RAS_CRS", {"epsg": 0, "west": 0, "north": 50}),
                              ("REF_RAS_ROTATED", {"matrix": turned}), ("REF_RAS_SOUTH_UP", {"matrix": south_up}),
                              ("REF_RAS_BANDS", {"bands": 2}), ("REF_RAS_BOUNDS", {"west": 178}), ("REF_RAS_OVERLAP", {"west": 100, "north": 10})):
            with self.subTest(code, **options):
                self.refused(code, files=(*land, "--population", geotiff(self.scratch / "x.tif", rows, **options)))
        self.refused("REF_RAS_EMPTY", files=(*land, "--population", geotiff(self.scratch / "x.tif", degree_rows(0))))

    def test_a_raster_of_points_is_taken_with_a_warning(self):
        raster = geotiff(self.scratch / "x.tif", degree_rows(columns=30, rows=30), west=0.5, north=59.5, point=True)
        made = self.made("--polygons", self.geojson(), "--population", raster)
        self.assertTrue(any("REF_RAS_POINT" in line for line in made["warnings"]), made["warnings"])

    def test_a_negative_cell_is_named(self):
        rows = degree_rows()
        rows[41][189] = -3
        rows[100][0] = -1
        raster = geotiff(self.scratch / "x.tif", rows)
        self.refused("REF_RAS_NEGATIVE", "row 41, column 189", "-3.0", "2 such", files=("--polygons", self.geojson(), "--population", raster))

    def test_broken_rasters_are_refused_by_code(self):
        whole = geotiff(self.scratch / "whole.tif", degree_rows()).read_bytes()
        directory = struct.unpack_from("<I", whole, 4)[0]
        moved = struct.pack("<I", 8) + whole[directory:]  # directory before data: half a file still opens
        front = b"II*\0" + struct.pack("<I", 8) + moved[4:]
        huge = bytearray(whole)
        for at in range(directory + 2, len(huge) - 12, 12):
            if struct.unpack_from("<H", huge, at)[0] in (256, 257):
                struct.pack_into("<HII", huge, at + 2, 4, 1, 2000000000)
        parts = {"half.tif": whole[:len(whole) // 2], "magic.tif": b"II no tiff", "empty.tif": b"", "huge.tif": bytes(huge), "front.tif": front}
        for name, content in parts.items():
            (self.scratch / name).write_bytes(content)
            with self.subTest(name):
                result = self.import_("--polygons", self.geojson(), "--population", self.scratch / name)
                self.assertIn(result.returncode, (1, 5), result.stderr)
                self.assertRegex(result.stderr, r"\b(PW|REF)_[A-Z_]+")
                self.assertEqual(list(self.scratch.glob("world*")), [])

    def test_nothing_to_import_is_wrong_use(self):
        self.assert_refused(self.import_(), 2, "PW_USAGE", "--polygons")
