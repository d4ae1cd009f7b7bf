"""Own runs on a half-degree world: catalogue in, sealed sites out, the same bytes wherever and however often."""
import csv
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys

import pyarrow.parquet as pq

from support import PROGRAM, ROOT, CoarseWorldTest, digests, placewright

OUTLETS = [("1", "DE", 40), ("1", "FR", 7), ("2", "US", 300), ("9223372036854775809", "NA", 3), ("18446744073709551615", "BR", 25),
           ("77", "MC", 5)]


def read_sites(run):
    return pq.ParquetFile(next((run / "data/layer1/1B/site_locations").rglob("*.parquet"))).read()


class OwnRuns(CoarseWorldTest):
    def catalogue(self, rows=OUTLETS, header=("merchant_id", "country_iso", "outlets"), name="outlets.csv", newline="\n"):
        path = self.scratch / name
        with open(path, "w", newline="") as out:
            writer = csv.writer(out, lineterminator=newline)
            writer.writerows([header, *rows])
        return path

    def place(self, *more, catalogue=None, out="runs", profile="demo"):
        return placewright("run", "--catalogue", catalogue or self.catalogue(), "--world", self.world, "--out", self.scratch / out,
                           "--profile", profile, "--quiet", *more)

    def folder(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        last = result.stdout.strip().splitlines()[-1]
        self.assertTrue(last.startswith("run: "))
        from pathlib import Path
        return Path(last.removeprefix("run: "))

    def test_exactly_the_outlets_asked_for(self):
        run = self.folder(self.place())
        table = pq.read_table(run / "data/layer1/1B/site_locations")
        counted = {}
        for merchant, country in zip(table["merchant_id"].to_pylist(), table["legal_country_iso"].to_pylist()):
            counted[str(merchant), country] = counted.get((str(merchant), country), 0) + 1
        wanted = {(merchant, country): n for merchant, country, n in OUTLETS if country != "MC"}  # on the denylist
        self.assertEqual(counted, wanted)
        dropped = pq.read_table(run / "data/layer1/1B/s3_dropped")
        self.assertEqual(dropped["n_sites"].to_pylist(), [5])

    def test_two_folders_hold_the_same_bytes(self):
        one = self.folder(self.place(out="one"))
        two = self.folder(self.place("--threads", 8, out="two"))
        self.assertEqual(one.name, two.name)
        self.assertEqual(digests(one), digests(two))

    def test_countries_smaller_than_a_tile_get_those_they_touch(self):
        catalogue = self.catalogue([("1", "VA", 2), ("1", "SM", 3), ("2", "TV", 4), ("2", "FR", 5)], name="small.csv")
        self.assert_refused(self.place(catalogue=catalogue), 1, "E303_TILE_WEIGHT_COVERAGE", "center_or_overlap")
        for profile in ("demo", "lifelike"):
            run = self.folder(self.place("--predicate", "center_or_overlap", profile=profile, catalogue=catalogue, out=profile))
            self.assertEqual(placewright("verify", run, "--quiet").returncode, 0)
            sites = pq.read_table(run / "data/layer1/1B/site_locations")
            self.assertEqual(sorted(sites["legal_country_iso"].to_pylist()), ["FR"] * 5 + ["SM"] * 3 + ["TV"] * 4 + ["VA"] * 2)
            report = json.loads(next((run / "reports/layer1/1B/state=S1").rglob("s1_run_report.json")).read_text())
            self.assertEqual(report["predicate"], "center_or_overlap")
            self.assertLessEqual({"VA", "SM", "TV"}, set(report["any_overlap_countries"]))
            self.assertNotIn("FR", report["any_overlap_countries"])
        tiles = self.scratch / "tiles"
        self.assertEqual(placewright("export", run, "tiles", "--out", tiles).returncode, 0)
        for country, rule in (("VA", "any_overlap"), ("FR", "center")):
            rows = pq.ParquetFile(tiles / f"country={country}/part-000.parquet").read()
            self.assertEqual(set(rows["inclusion_rule"].to_pylist()), {rule})

    def test_an_existing_run_goes_on_in_the_forms_it_began_in(self):
        for forms in ((), ("--publish", "rows", "--events", "jsonl")):
            whole = self.folder(self.place(*forms, out="whole"))
            half = self.folder(self.place(*forms, "--until", "S3", out="half"))
            done = placewright("run", "--runs-root", half.parent, "--run-id", half.name, "--from", "S4", "--quiet")
            self.assertEqual(self.folder(done), half)
            self.assertEqual(digests(half), digests(whole))
            shutil.rmtree(whole.parent)
            shutil.rmtree(half.parent)

    def test_another_seed_is_another_run(self):
        self.assertNotEqual(self.folder(self.place()).name, self.folder(self.place("--seed", 43)).name)

    def test_crlf_and_byte_order_mark_change_nothing(self):
        plain = self.folder(self.place())
        path = self.catalogue(name="windows.csv", newline="\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        marked = self.folder(self.place(catalogue=path, out="marked"))
        sites = lambda run: read_sites(run).drop_columns(["lon_deg", "lat_deg"])
        self.assertEqual(sites(plain), sites(marked))

    def test_verify_finds_nothing_then_finds_a_flipped_byte(self):
        run = self.folder(self.place())
        self.assertEqual(placewright("verify", run, "--quiet").returncode, 0)
        part = next((run / "data/layer1/1B/site_locations").rglob("*.parquet"))
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(bytes(data))
        result = placewright("verify", run, "--quiet")
        self.assertEqual(result.returncode, 3)
        self.assertIn("part-00000.parquet", result.stdout)
        refused = placewright("export", run, "sites", "--out", self.scratch / "sites.csv")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertFalse((self.scratch / "sites.csv").exists())

    def test_exports_hold_every_site(self):
        run = self.folder(self.place())
        sites = read_sites(run)
        for form in ("csv", "geojson", "geoparquet"):
            self.assertEqual(placewright("export", run, "sites", "--format", form, "--out", self.scratch / f"sites.{form}").returncode, 0)
        with open(self.scratch / "sites.csv", newline="") as lines:
            rows = list(csv.DictReader(lines))
        self.assertEqual([int(row["merchant_id"]) for row in rows], sites["merchant_id"].to_pylist())
        self.assertEqual([float(row["lon_deg"]) for row in rows], sites["lon_deg"].to_pylist())
        features = json.loads((self.scratch / "sites.geojson").read_text())["features"]
        self.assertEqual([f["geometry"]["coordinates"][1] for f in features], sites["lat_deg"].to_pylist())
        packed = pq.ParquetFile(self.scratch / "sites.geoparquet").read()
        self.assertIn(b"geo", packed.schema.metadata)
        self.assertEqual(packed.drop_columns(["geometry"]).to_pydict(), sites.to_pydict())

    def test_the_mask_counts_every_tile_once(self):
        run = self.folder(self.place())
        self.assertEqual(placewright("export", run, "tiles", "--out", self.scratch / "tiles").returncode, 0)
        tiles = set(pq.ParquetDataset(self.scratch / "tiles").read(["tile_id"])["tile_id"].to_pylist())
        written = []
        for threads in (1, 8):
            out = self.scratch / f"mask-{threads}.tif"
            result = placewright("export", run, "mask", "--out", out, "--threads", threads, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(json.loads(result.stdout)["rows"], len(tiles))
            written.append(out.read_bytes())
        self.assertEqual(written[0], written[1])
        self.assertIn(written[0][:4], (b"II*\0", b"II+\0"))
        self.assert_refused(placewright("export", run, "mask", "--out", self.scratch / "mask-1.tif"), 6, "PW_OTHER_RUN")
        self.assert_refused(placewright("export", run, "mask", "--format", "png", "--out", self.scratch / "m.png"), 2, "PW_USAGE")

    def test_published_files_fit_the_schemas(self):
        run = self.folder(self.place())
        checked = subprocess.run([sys.executable, ROOT / "tests/schemas/check_output.py", run], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_bad_rows_are_named_and_nothing_is_written(self):
        cases = {"IMP_BAD_COUNT": ("1", "DE", "0"), "IMP_BAD_COUNTRY": ("1", "QQ", "3"), "IMP_BAD_ID": ("0", "DE", "3")}
        cases |= {f"IMP_BAD_COUNT {v}": ("1", "DE", v) for v in ("-1", "1.5")}
        cases["IMP_COUNT_OVERFLOW"] = ("1", "DE", "10000000")
        for code, row in cases.items():
            with self.subTest(code=code):
                result = self.place(catalogue=self.catalogue([row], name="bad.csv"), out="bad")
                self.assert_refused(result, 1, code.split()[0])
                self.assertEqual([p for p in (self.scratch / "bad").glob("*/data")], [])

    def test_duplicate_pair_missing_column_empty_and_foreign_text_are_refused(self):
        pairs = self.catalogue([("1", "DE", 2), ("1", "DE", 3)], name="a.csv")
        self.assert_refused(self.place(catalogue=pairs), 1, "IMP_DUP_PAIR")
        self.assert_refused(self.place(catalogue=self.catalogue(header=("merchant_id", "where", "outlets"), name="b.csv")), 1,
                            "IMP_COLUMN")
        self.assert_refused(self.place(catalogue=self.catalogue([], name="c.csv")), 1, "IMP_EMPTY")
        latin = self.scratch / "latin.csv"
        latin.write_bytes(b"merchant_key,country_iso,outlets\ncaf\xe9,FR,2\n")
        self.assert_refused(self.place(catalogue=latin), 1, "IMP_ENCODING")

    def test_a_country_without_a_tile_stops_before_anything_is_placed(self):
        result = self.place(catalogue=self.catalogue([("1", "VA", 2)], name="vatican.csv"))
        self.assert_refused(result, 1, "E303_TILE_WEIGHT_COVERAGE", "VA")
        self.assertEqual(list((self.scratch / "runs").glob("*/data/layer1/1B/s4_alloc_plan")), [])

    def test_import_and_check_know_the_countries_without_a_tile(self):
        mixed = self.catalogue([("1", "DE", 2), ("1", "VA", 3)], name="mixed.csv")
        pack = self.scratch / "pack"
        for verb in (["check", mixed], ["import", mixed, "--out", pack]):
            result = placewright("catalogue", *verb, "--world", self.world, "--json")
            self.assertEqual(result.returncode, 4, result.stderr)
            self.assertEqual(json.loads(result.stdout)["rejects"],
                             [{"line": 3, "column": "country_iso", "value": "VA", "code": "IMP_COUNTRY_NOT_PLACEABLE"}])
        self.assertFalse(pack.exists())
        dropped = placewright("catalogue", "check", mixed, "--world", self.world, "--max-rejects", 1, "--json")
        self.assertEqual(dropped.returncode, 0, dropped.stderr)
        self.assertEqual(json.loads(dropped.stdout)["outlets"], 2)

    def test_an_output_folder_that_is_a_run_is_refused(self):
        run = self.folder(self.place())
        result = self.place(out=run)
        self.assert_refused(result, 6, "PW_OTHER_RUN")

    def test_a_full_disk_ends_with_exit_5_and_the_run_goes_on_later(self):
        wanted = digests(self.folder(self.place(out="whole")))
        arguments = [PROGRAM, "run", "--catalogue", self.catalogue(), "--world", self.world, "--out", self.scratch / "full", "--profile",
                     "demo", "--quiet"]

        def small_files():  # what a quota does to a process
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))

        full = subprocess.run(arguments, capture_output=True, text=True, check=False, preexec_fn=small_files)
        self.assertEqual(full.returncode, 5, full.stderr)
        self.assertIn("PW_NO_SPACE", full.stderr)
        run = self.folder(self.place(out="full"))
        self.assertEqual(digests(run), wanted)

    def test_dry_run_says_how_large_and_leaves_no_run(self):
        result = self.place("--dry-run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("380 outlets", result.stdout)
        self.assertEqual(list(self.scratch.glob("runs/*")), [])

    def needed(self, *options):
        said = placewright("run", "--catalogue", self.catalogue(OUTLETS[:-1]), "--world", self.world, "--out", self.scratch / "dry", "--dry-run", "--quiet",
                           *options).stdout
        self.assertIn("MiB of memory at the peak", said)
        return float(re.search(r"about ([\d.]+) MiB of memory", said).group(1))

    def test_too_little_memory_is_refused_at_the_start(self):
        result = self.place("--memory", "60MiB")
        self.assert_refused(result, 5, "PW_MEMORY", "60.0 MiB")
        self.assertEqual(list((self.scratch / "runs").glob("*/data/layer1/1B/tile_spans")), [])

    def test_a_run_stays_within_the_memory_it_was_given(self):
        for options in (["--profile", "demo", "--threads", 1], ["--profile", "demo", "--threads", 8, "--publish", "rows"],
                        ["--profile", "lifelike", "--threads", 2]):
            with self.subTest(options=options):
                limit = int(self.needed(*options)) + 1
                arguments = [PROGRAM, "run", "--catalogue", self.catalogue(OUTLETS[:-1]), "--world", self.world, "--out", self.scratch / f"m{limit}",
                             "--memory", f"{limit}MiB", "--quiet", *options]
                child = subprocess.Popen([str(a) for a in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
                self.assertEqual(child.returncode, 0)
                self.assertLessEqual(usage.ru_maxrss / 1024, limit)

    def test_world_check_finds_a_flipped_byte(self):
        world = self.scratch / "world"
        shutil.copytree(self.world, world)
        self.assertEqual(placewright("world", "check", world).returncode, 0)
        raster = world / "reference/spatial/population/2025/population.tif"
        data = bytearray(raster.read_bytes())
        data[-200] ^= 1
        raster.write_bytes(bytes(data))
        self.assertEqual(placewright("world", "check", world).returncode, 3)
