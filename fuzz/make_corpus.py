"""Writes fuzz/corpus/<target>/: small inputs of our own that get each target past the first checks of its parser.

    build-python/bin/python fuzz/make_corpus.py
"""

import gzip
import io
import json
import pathlib
import shutil
import sqlite3
import struct
import tempfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"
SQUARE = [[8.0, 50.0], [9.0, 50.0], [9.0, 51.0], [8.0, 51.0], [8.0, 50.0]]
HOLE = [[8.2, 50.2], [8.2, 50.4], [8.4, 50.4], [8.4, 50.2], [8.2, 50.2]]
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def seed(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def parquet(columns, metadata=None, **options):
    table = pa.table(columns)
    out = io.BytesIO()
    with pq.ParquetWriter(out, table.schema, store_schema=False, write_statistics=False, **options) as writer:
        writer.write_table(table)
        if metadata:
            writer.add_key_value_metadata(metadata)
    return out.getvalue()


def parts(*files, last):
    return b"".join(struct.pack("<H", len(f)) + f for f in files) + last


def wkb(rings, order="<", kind=3, extra=()):
    head = bytes([1 if order == "<" else 0]) + struct.pack(order + "I", kind) + struct.pack(order + "I", len(rings))
    for ring in rings:
        head += struct.pack(order + "I", len(ring))
        for point in ring:
            head += struct.pack(order + "%dd" % (2 + len(extra)), *point, *extra)
    return head


def multi(polygons):
    return b"\x01" + struct.pack("<II", 6, len(polygons)) + b"".join(polygons)


def text_formats():
    for name, text in {
        "all.json": '{"a":[1,-2,3.5,1e-7,18446744073709551615,null,true,"\\u00e9\\ud83d\\ude00"],"b":{"c":{}},"":""}',
        "deep.json": "[" * 60 + "]" * 60,
        "numbers.json": "[0,-0,-0.0,1e308,2.5e-324,9007199254740993,-9223372036854775808]",
    }.items():
        seed("json", name, text)
    yaml = (
        "base: &b {x: 1_000, y: 0x1F, z: 1:30}\nmore:\n  <<: *b\n  no: NO\n  when: 2025-12-31\n"
        "  f: [.inf, -.5, 1e-9, 1.0e-9, ~, '1', \"\\x41\"]\n? key\n: !!str 5\ntext: |\n  two\n  lines\n"
    )
    seed("yaml", "all.yaml", yaml)
    seed("yaml", "merge.yaml", "a: &a {k: 1}\nb: &b {k: 2, l: 3}\nc:\n  <<: [*a, *b]\n  l: !!float 4\n")
    for path in sorted((HERE.parent / "contracts/profiles").glob("*/*.yaml")):
        state = path.name.split(".")[1][1:]
        if state in "23456":
            seed("policy", f"{path.parent.name}-s{state}", state + path.read_text())
    seed("policy", "s9", "9policy_version: placewright-1\nrequire_grade: B_plus\ngrade_of: whole\n")
    entry = "  - id: {}\n    path: \"data/{}/parameter_hash={{parameter_hash}}/\"\n    version: \"{{seed}}\"\n"
    entry += "    partitioning: [parameter_hash, seed]\n    licence: X\n    schema_ref: \"schemas.1B.yaml#/prep/tile_index\"\n"
    seed("dictionary", "small.yaml", "version: '1'\ndatasets:\n" + entry.format("tile_index", "t")
         + "policies:\n" + entry.format("s2_tile_weights_policy", "p"))
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [8, 50]},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0, -2]], "id": "276", "properties": {"name": "A"}},
            {"type": "MultiPolygon", "arcs": [[[0, 1]], [[1, 0]]], "id": 250}]}},
        "arcs": [[[0, 0], [100, 0], [0, 100]], [[0, 0], [0, 100], [100, 0]]],
    }
    seed("topojson", "quantised.json", json.dumps(topology))
    plain = {**topology, "arcs": [SQUARE, HOLE]}
    del plain["transform"]
    seed("topojson", "plain.json", json.dumps(plain))
    seed("vector_geojson", "topo.json", json.dumps(plain))
    row = "{}\t{}\t{}\tXX\t{}\t\t1.0\t{}\tEU" + "\t" * 10 + "\n"
    seed("country_info", "two.txt", "#ISO\tISO3\n" + row.format("ZZ", "ZZZ", "276", "Land", "80000000")
         + row.format("uk", "GBX", "7", "Kingdom", "1"))
    head = "geoname_id,country_iso,feature_code,admin1_code,population,lat_deg,lon_deg\n"
    seed("settlements", "few.csv", head + '1,DE,PPLA,01,250000,50.1,8.7\n2,DE,PPL,01,5000,50.11,8.71\n'
         '3,DE,PPLX,01,7,50,8\n"4",FR,PPL,02,0,-48,179.9\r\n')
    seed("digests", "two", "0" * 64 + "  a/b.parquet\n" + "f" * 64 + "  name with blanks\n")
    seed("regions", "few.csv", "country_iso,alpha3,region,subregion\nDE,DEU,Europe,Western Europe\n"
         'MX,MEX,Americas,"Latin America, Caribbean"\nUS,USA,Americas,Northern America\n')
    receipt = {"run_id": "a" * 32, "seed": "42", "parameter_hash": "b" * 64, "manifest_fingerprint": "c" * 64,
               "created_utc": "2026-01-14T00:00:00.000001+01:30"}
    seed("receipt", "good.json", json.dumps(receipt))
    for name, time in {"z": "2026-01-14T00:00:00.000001Z", "date": "2026-01-14", "zone": "2026-01-14 10:20:30-05:00"}.items():
        seed("receipt", "time-" + name, time)


def event_lines():
    run, par, man, ts = '"' + "a" * 32 + '"', '"' + "b" * 64 + '"', '"' + "c" * 64 + '"', '"2026-01-14T00:00:00.000001Z"'
    common = f'{{"ts_utc":{ts},"run_id":{run},"seed":18446744073709551615,'
    counters = '"rng_counter_before_hi":1,"rng_counter_before_lo":2,"rng_counter_after_hi":1,"rng_counter_after_lo":3,'
    identity = f'"parameter_hash":{par},"manifest_fingerprint":{man},'
    key = '"merchant_id":18446744073709551615,"legal_country_iso":"DE","site_order":1,'
    names = {"a": ("1B.S5.assigner", "site_tile_assign"), "j": ("1B.S6.jitter", "in_cell_jitter")}
    for kind, (module, label) in names.items():
        who = f'"module":"{module}","substream_label":"{label}",'
        draws = f'"draws":"{1 if kind == "a" else 2}","blocks":1,'
        own = '"tile_id":7,"u":0.25}' if kind == "a" else (
            '"delta_lat_deg":-0.5,"delta_lon_deg":1e-07,"sigma_lat_deg":0.8,"sigma_lon_deg":1.0}')
        seed("event_line", "event-" + kind, kind + common + identity + who + counters + draws + key + own)
        totals = '"draws_total":2,"blocks_total":1,"events_total":1}'
        seed("event_line", "trace-" + kind, "t" + common + who + counters + totals)
    audit = common + identity + '"algorithm":"philox2x64-10","build_commit":"' + "0" * 64 + '","notes":null}'
    seed("event_line", "audit", "x" + audit)


def catalogues():
    outlets = "merchant_id,country_iso,outlet_key\n1,DE,a\n1,NA,b\n18446744073709551615,FRA,\"c,\"\"d\"\n"
    counts = "\ufeffmerchant_key, Country ,n_sites,home_country_iso,orientation\r\nx,de,2,FR,0.5\r\n\u00e9,NA,999999,,\r\n"
    bad = "merchant_id,country_iso,outlets\n0,DE,1\n1,XX,1\n1,DE,0\n1,BV,1\n2,DE\n3,\"DE\"x,1\n4,DE,5\n"
    for name, text in {"outlets": outlets, "counts": counts, "bad": bad}.items():
        raw = text.encode()
        zstd = pa.compress(raw, codec="zstd", asbytes=True)
        seed("catalogue_csv", name + ".csv", raw)
        seed("csv_records", name + ".csv", raw)
        seed("catalogue_csv", name + ".csv.gz", gzip.compress(raw, mtime=0))
        seed("catalogue_csv", name + ".csv.zst", zstd)
        seed("unpack", name + ".gz", gzip.compress(raw, mtime=0))
        seed("unpack", name + ".zst", zstd)
        seed("unpack", name + "-two.gz", gzip.compress(raw[:20], mtime=0) + gzip.compress(raw[20:], mtime=0))
        seed("unpack", name + "-two.zst", zstd + zstd)
    seed("csv_records", "quotes.csv", 'a,"b\nc",""\r\n\n"x""y",z"\n"open')
    ids = pa.array([1, 1, 2**64 - 1], pa.uint64())
    for name, codec in {"zstd": "ZSTD", "snappy": "SNAPPY", "none": "NONE", "gzip": "GZIP"}.items():
        seed("catalogue_parquet", f"outlets-{name}.parquet", parquet(
            {"merchant_id": ids, "country_iso": ["DE", "NA", "FRA"], "outlet_key": ["a", "b", "c"]}, compression=codec))
    seed("catalogue_parquet", "counts.parquet", parquet(
        {"merchant_key": ["x", "y", "z"], "country": pa.array(["DE", "NA", None]).dictionary_encode(),
         "outlets": pa.array([1.0, 2.0, None]), "orientation": pa.array([0.5, None, 1.0], pa.float32())}, compression="NONE"))
    seed("catalogue_parquet", "old.parquet", parquet(
        {"merchant_id": pa.array([5, 6], pa.int32()), "country_iso": ["DE", "DE"], "n_sites": pa.array([1, 2], pa.int64())},
        compression="NONE", use_dictionary=False, data_page_version="2.0"))
    merchants = parquet({"merchant_id": pa.array([1, 2], pa.uint64()), "home_country_iso": ["DE", "FR"],
                         "total": pa.array([3, 1], pa.int64())}, compression="NONE")
    pairs = parquet({"merchant_id": pa.array([1, 1, 2], pa.uint64()), "legal_country_iso": ["DE", "FR", "FR"],
                     "outlets": pa.array([1, 2, 1], pa.int64())}, compression="NONE")
    seed("catalogue_pack", "good", parts(merchants, last=pairs))


def run_tables():
    u64, i64 = pa.uint64(), pa.int64()
    for codec in ("NONE", "ZSTD"):
        seed("tile_spans", codec.lower(), parquet(
            {"country_iso": ["DE", "DE", "FR"], "first_tile_id": pa.array([2, 8, 16], u64),
             "length": pa.array([3, 8, 4], i64)}, compression=codec))
        seed("tile_rows", codec.lower(), parquet({"tile_id": pa.array([2, 3, 4, 8, 31], u64)}, compression=codec))
        seed("tile_weights", codec.lower(), parquet(
            {"country_iso": ["DE"] * 3, "first_tile_id": pa.array([2, 3, 8], u64), "length": pa.array([1, 2, 8], i64),
             "weight_fp": pa.array([200, 120, 70], i64), "dp": pa.array([3] * 3, i64), "basis": ["area_m2"] * 3},
            compression=codec))
        seed("iso_table", codec.lower(), parquet({"country_iso": ["DE", "NA"], "alpha3": ["DEU", "NAM"]}, compression=codec))
    seed("iso_table", "code", "deu")


def polygons():
    seed("wkb", "polygon", wkb([SQUARE, HOLE]))
    seed("wkb", "big-endian", wkb([SQUARE], ">"))
    seed("wkb", "zm", wkb([SQUARE], kind=3003, extra=(1.0, 2.0)))
    seed("wkb", "ewkb", b"\x01" + struct.pack("<II", 0x20000003, 4326) + wkb([SQUARE])[5:])
    seed("wkb", "multi", multi([wkb([SQUARE, HOLE]), wkb([[[0, 0], [1, 0], [1, 1], [0, 0]]])]))
    seed("wkb", "empty", multi([wkb([])]))
    shape = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    features = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"ISO_A2": "DE", "name": "A", "n": 1}, "geometry": shape},
        {"type": "Feature", "properties": {"ISO_A2": "-99"}, "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE]]}},
        {"type": "Feature", "properties": {}, "geometry": None}]}
    text = json.dumps(features, separators=(",", ":"))
    seed("vector_geojson", "features.json", text)
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}
    columns = {"iso_a2": ["DE", "FR"], "geometry": pa.array([wkb([SQUARE, HOLE]), None], pa.binary())}
    for name, codec in {"none": "NONE", "zstd": "ZSTD"}.items():
        seed("vector_geoparquet", name, parquet(columns, {"geo": json.dumps(geo)}, compression=codec))
        seed("countries", name, parquet({"country_iso": ["DE", "FR", "DE"], "geom": pa.array(
            [wkb([SQUARE, HOLE]), multi([wkb([SQUARE])]), wkb([[[8.5, 50], [10, 50], [10, 51], [8.5, 50]]])], pa.binary())},
            compression=codec))
    geo["columns"]["geometry"]["crs"] = {"type": "GeographicCRS", "id": {"authority": "EPSG", "code": 4326}}
    seed("vector_geoparquet", "crs", parquet(columns, {"geo": json.dumps(geo)}, compression="NONE"))
    shp, shx, dbf = shapefile()
    seed("vector_shape", "one", parts(shx, dbf, WGS84.encode(), last=shp))
    for name, method in {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}.items():
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for ending, content in {"shp": shp, "shx": shx, "dbf": dbf, "prj": WGS84}.items():
                archive.writestr(zipfile.ZipInfo("a." + ending), content)
        seed("vector_geozip", "shape-" + name, out.getvalue())
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("../a.geojson"), text)
        seed("vector_geozip", "json-" + name, out.getvalue())
    seed("vector_gpkg", "one", geopackage())


def shapefile():
    ring = b"".join(struct.pack("<2d", *p) for p in reversed(SQUARE))
    record = struct.pack("<i4d2i i", 5, 8, 50, 9, 51, 1, 5, 0) + ring
    words = len(record) // 2
    def header(length):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack("<2i8d", 1000, 5, 8, 50, 9, 51, 0, 0, 0, 0)
    shp = header(50 + 4 + words) + struct.pack(">2i", 1, words) + record
    shx = header(54) + struct.pack(">2i", 50, words)
    dbf = struct.pack("<4BIHH20x", 3, 126, 1, 1, 1, 65, 3) + b"ISO_A2\0\0\0\0\0C" + struct.pack("<4xBB14x", 2, 0) + b"\r DE\x1a"
    return shp, shx, dbf


def geopackage():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.gpkg"
        db = sqlite3.connect(file)
        db.executescript("""
PRAGMA page_size=512; PRAGMA application_id=1196444487; PRAGMA user_version=10200;
CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
 organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents(table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT, description TEXT,
 last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
 z TINYINT, m TINYINT);
CREATE TABLE a(fid INTEGER PRIMARY KEY, geom BLOB, iso_a2 TEXT);
INSERT INTO gpkg_contents VALUES('a','features','a','','2026-01-01T00:00:00Z',8,50,9,51,4326);
INSERT INTO gpkg_geometry_columns VALUES('a','geom','POLYGON',4326,0,0);
""")
        db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES('WGS 84',4326,'EPSG',4326,?,'')", (WGS84,))
        blob = b"GP\0\x01" + struct.pack("<i", 4326) + wkb([SQUARE, HOLE])
        db.execute("INSERT INTO a VALUES(1,?,'DE')", (blob,))
        db.commit()
        db.close()
        return file.read_bytes()


def geotiff(values, tiled=False, big=False):
    """8 x 4 cells of float32 at 8 E 52 N, WGS84, one strip or one tile."""
    entries = []
    data = bytearray(struct.pack("<2sHI", b"II", 42, 0))

    def put(tag, kind, items):
        fmt = {3: "H", 4: "I", 12: "d", 2: "s"}[kind]
        raw = items if kind == 2 else struct.pack("<%d%s" % (len(items), fmt), *items)
        count = len(items)
        if len(raw) <= 4:
            value = raw.ljust(4, b"\0")
        else:
            value = struct.pack("<I", len(data))
            data.extend(raw)
        entries.append(struct.pack("<HHI", tag, kind, count) + value)

    side = 16 if tiled else 0
    pixels = values if not tiled else [values[(r % 4) * 8 + c % 8] for r in range(16) for c in range(16)]
    raw = struct.pack("<%df" % len(pixels), *pixels)
    at = len(data)
    data.extend(raw)
    put(256, 3, [8]); put(257, 3, [4]); put(258, 3, [32]); put(259, 3, [1]); put(262, 3, [1])
    if not tiled:
        put(273, 4, [at])
    put(277, 3, [1])
    if not tiled:
        put(278, 3, [4]); put(279, 4, [len(raw)])
    else:
        put(322, 3, [side]); put(323, 3, [side]); put(324, 4, [at]); put(325, 4, [len(raw)])
    put(339, 3, [3])
    put(33550, 12, [1.0, 1.0, 0.0]); put(33922, 12, [0, 0, 0, 8.0, 52.0, 0])
    put(34735, 3, [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326])
    put(42113, 2, b"-99999\0")
    struct.pack_into("<I", data, 4, len(data))
    return bytes(data) + struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", 0)


def grid_rings():
    seed("validity", "square-with-hole", bytes([17, 22, 102, 97, 241, 34, 50, 51, 35, 254]))
    seed("validity", "touching", bytes([17, 20, 68, 65, 254, 68, 71, 119, 116, 254]))


def rasters():
    values = [float(i) for i in range(32)]
    seed("raster", "strip.tif", geotiff(values))
    seed("raster", "tile.tif", geotiff(values, tiled=True))


if __name__ == "__main__":
    shutil.rmtree(CORPUS, ignore_errors=True)
    text_formats()
    event_lines()
    catalogues()
    run_tables()
    polygons()
    grid_rings()
    rasters()
