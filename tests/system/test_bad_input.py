"""Bad input: the published exit code, a message that says what and where, and nothing published by that state."""
import json
import re
import struct
import subprocess

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from support import SystemTest, placewright


def flip(path, at=None):
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 0x20
    path.write_bytes(bytes(data))


class AttachedRuns(SystemTest):
    def setUp(self):
        super().setUp()
        self.run_ = self.golden("fine-patch", "area")
        self.upstream = self.run_.run / "data/layer1/1A"
        self.bundle = next((self.upstream / "validation").iterdir())
        self.ext = self.run_.folder / "ext"
        self.policy = self.run_.folder / "policy_area/config/layer1/1B/policy"

    def refused(self, exit_code, *words, published=()):
        result = self.run_.place()
        self.assert_refused(result, exit_code, *words)
        have = {p.name for p in (self.run_.run / "data/layer1/1B").glob("*")} if (self.run_.run / "data/layer1/1B").exists() else set()
        self.assertEqual(have, set(published))
        self.assertFalse((self.run_.run / "tmp").exists())

    def test_no_flag(self):
        (self.bundle / "_passed.flag").unlink()
        self.refused(1, "E_PASS_MISSING")

    def test_wrong_flag(self):
        (self.bundle / "_passed.flag").write_text(f"sha256_hex = {'0' * 64}\n")
        self.refused(1, "E_FLAG_HASH_MISMATCH")

    def test_malformed_flag(self):
        (self.bundle / "_passed.flag").write_bytes(b"sha256_hex = \xff\n")
        self.refused(1, "E_FLAG_FORMAT_INVALID")

    def test_flipped_byte_in_the_bundle(self):
        flip(self.bundle / "MANIFEST.json")
        self.refused(1, "E_FLAG_HASH_MISMATCH")

    def test_stray_file_in_the_bundle(self):
        (self.bundle / "notes.txt").write_text("x")
        self.refused(1, "E_INDEX_INVALID", "notes.txt")

    def test_flipped_byte_in_the_catalogue(self):
        flip(next(self.upstream.rglob("outlet_catalogue/**/*.parquet")), 200)
        self.refused(1)

    def test_missing_column_in_the_catalogue(self):
        self.rewrite_catalogue(lambda t: t.drop_columns(["manifest_fingerprint"]))
        self.refused(1, "E_PATH_EMBED_MISMATCH")

    def rewrite_catalogue(self, change):
        """Another catalogue under a bundle that no longer names its digest."""
        path = next(self.upstream.rglob("outlet_catalogue/**/*.parquet"))
        pq.write_table(change(pq.ParquetFile(path).read()), path)
        checks = self.bundle / "egress_checksums.json"
        checks.unlink()
        index = [row for row in json.loads((self.bundle / "index.json").read_text()) if row["path"] != checks.name]
        (self.bundle / "index.json").write_text(json.dumps(index))
        self.seal_bundle()

    def seal_bundle(self):
        import hashlib
        paths = sorted(row["path"] for row in json.loads((self.bundle / "index.json").read_text()))
        law = hashlib.sha256(b"".join((self.bundle / p).read_bytes() for p in paths)).hexdigest()
        (self.bundle / "_passed.flag").write_text(f"sha256_hex = {law}\n")

    def test_country_unknown_to_the_iso_table(self):
        def change(table):
            at = table.schema.get_field_index("legal_country_iso")
            column = pc.replace_substring(table.column(at).cast(pa.string()), "SM", "ZZ")
            return table.set_column(at, "legal_country_iso", column).sort_by(
                [("merchant_id", "ascending"), ("legal_country_iso", "ascending"), ("site_order", "ascending")])
        self.rewrite_catalogue(change)
        self.refused(1, "E302_ISO_FK", published=("sealed_inputs", "s0_gate_receipt", "tile_index", "tile_bounds", "tile_weights"))

    def test_empty_catalogue(self):
        self.rewrite_catalogue(lambda t: t.slice(0, 0))
        result = self.run_.place()
        self.assertEqual(result.returncode, 1, result.stderr)

    def test_country_without_a_polygon(self):
        path = next((self.ext / "reference/spatial/world_countries").rglob("*.parquet"))
        table = pq.ParquetFile(path).read()
        pq.write_table(table.slice(1).replace_schema_metadata(table.schema.metadata), path)
        self.refused(1, "E005_ISO_FK", published=("sealed_inputs", "s0_gate_receipt"))

    def test_truncated_raster(self):
        path = self.ext / "reference/spatial/population/2025/population.tif"
        path.write_bytes(path.read_bytes()[:300])
        self.refused(1, "population.tif", published=("sealed_inputs", "s0_gate_receipt"))

    def translate_raster(self, *options, geotransform=None):
        """The raster again with another georeference."""
        path = self.ext / "reference/spatial/population/2025/population.tif"
        source = path.with_suffix(".vrt")
        subprocess.run(["gdal_translate", "-q", "-of", "VRT", *options, path.name, source.name], cwd=path.parent, check=True)
        if geotransform:
            text = re.sub(r"<GeoTransform>.*?</GeoTransform>", f"<GeoTransform>{geotransform}</GeoTransform>", source.read_text(), flags=re.S)
            source.write_text(text)
        subprocess.run(["gdal_translate", "-q", source.name, "new.tif"], cwd=path.parent, check=True)
        source.unlink()
        path.with_name("new.tif").rename(path)

    def test_raster_in_another_reference_system(self):
        self.translate_raster("-a_srs", "EPSG:3857")
        self.refused(1, "E002_RASTER_MISMATCH", published=("sealed_inputs", "s0_gate_receipt"))

    def test_a_raster_turned_against_north_is_a_grid_like_any_other(self):
        self.translate_raster(geotransform="-5, 0.0083, 0.0001, 55, 0.0001, -0.0083")
        self.assertEqual(self.run_.place().returncode, 0)
        verified = placewright("verify", self.run_.run, "--external-root", "policy_area", "--external-root", "ext", cwd=self.run_.folder)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_flipped_byte_in_the_raster_after_the_gate(self):
        self.assertEqual(self.run_.place("--until", "S1").returncode, 0)
        flip(self.ext / "reference/spatial/population/2025/population.tif", 5000)
        self.assert_refused(self.run_.place("--from", "S2"), 1, "PW_SEAL", "population")

    def test_polygon_that_crosses_itself(self):
        path = next((self.ext / "reference/spatial/world_countries").rglob("*.parquet"))
        table = pq.ParquetFile(path).read()
        bow = struct.pack("<BII I", 1, 3, 1, 5) + struct.pack("<10d", 0, 50, 2, 52, 2, 50, 0, 52, 0, 50)
        shapes = [bow, *table["geom"].to_pylist()[1:]]
        at = table.schema.get_field_index("geom")
        pq.write_table(table.set_column(at, table.schema.field(at), pa.array(shapes, table.schema.field(at).type)), path)
        self.refused(1, "E001_GEO_INVALID", published=("sealed_inputs", "s0_gate_receipt"))

    def test_lower_case_country_in_the_catalogue(self):
        def change(table):
            at = table.schema.get_field_index("legal_country_iso")
            column = pc.replace_substring(table.column(at).cast(pa.string()), "SM", "sm")
            return table.set_column(at, "legal_country_iso", column).sort_by(
                [("merchant_id", "ascending"), ("legal_country_iso", "ascending"), ("site_order", "ascending")])
        self.rewrite_catalogue(change)
        self.refused(1, "sm", published=("sealed_inputs", "s0_gate_receipt", "tile_index", "tile_bounds", "tile_weights"))

    def test_missing_raster(self):
        (self.ext / "reference/spatial/population/2025/population.tif").unlink()
        self.refused(1, "E_REFERENCE_SURFACE_MISSING", "population.tif")

    def test_policy_with_an_unknown_key(self):
        self.edit_policy("policy.s4.alloc_plan.yaml", lambda text: text + "\nsurprise: 1\n")
        self.refused(1, "PW_POLICY", "surprise", published=("sealed_inputs", "s0_gate_receipt", "tile_index", "tile_bounds", "tile_weights",
                                               "s3_requirements", "s3_dropped"))

    def edit_policy(self, name, change):
        path = self.policy / name
        path.write_text(change(path.read_text()))

    def test_policy_with_a_wrong_type(self):
        self.edit_policy("policy.s2.tile_weights.yaml", lambda text: text.replace("dp: 6", "dp: six"))
        self.refused(1, "PW_POLICY", "dp", published=("sealed_inputs", "s0_gate_receipt", "tile_index", "tile_bounds"))

    def test_norway_must_be_quoted(self):
        (self.policy / "policy.s3.requirements.yaml").write_text(
            "policy_version: \"t\"\nenabled: true\ndenylist_country_iso: [NO]\n")
        self.refused(1, "PW_POLICY", "quote", published=("sealed_inputs", "s0_gate_receipt", "tile_index", "tile_bounds", "tile_weights"))

    def test_receipt_that_names_another_folder(self):
        path = self.run_.run / "run_receipt.json"
        path.write_text(path.read_text().replace(self.run_.receipt["run_id"], "0" * 32))
        self.refused(1, "PW_RECEIPT")

    def test_an_input_that_changes_after_the_gate(self):
        self.assertEqual(self.run_.place("--until", "S2").returncode, 0)
        flip(self.policy / "policy.s6.jitter.yaml", 5)
        result = self.run_.place("--from", "S3")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("PW_SEAL", result.stderr)
        self.assertFalse((self.run_.run / "data/layer1/1B/s3_requirements").exists())

    def test_an_input_that_changes_after_the_run_is_told_before_anything_is_reused(self):
        self.assertEqual(self.run_.place().returncode, 0)
        flip(self.policy / "policy.s6.jitter.yaml", 5)
        self.assert_refused(self.run_.place("--from", "S6"), 1, "PW_SEAL")

    def test_published_files_that_were_altered_are_not_overwritten(self):
        self.assertEqual(self.run_.place().returncode, 0)
        flip(next((self.run_.run / "data/layer1/1B/s4_alloc_plan").rglob("*.parquet")), 100)
        result = self.run_.place()
        self.assertEqual(result.returncode, 6, result.stderr)
        self.assertIn("E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", result.stderr)

    def test_profile_does_not_go_with_an_attached_run(self):
        self.assert_refused(self.run_.place("--profile", "demo"), 2, "--profile")

    def test_two_processes_on_one_run(self):
        import fcntl
        with open(self.run_.run / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_refused(self.run_.place(), 5, "PW_LOCKED")


class CommandLine(SystemTest):
    def test_unknown_verb(self):
        self.assert_refused(placewright("frobnicate"), 2, "PW_USAGE")

    def test_nothing_to_run(self):
        self.assert_refused(placewright("run", cwd=self.scratch), 2, "--catalogue")

    def test_states_out_of_order(self):
        golden = self.golden()
        self.assert_refused(golden.place("--from", "S4", "--until", "S2"), 2, "S4")

    def test_starting_late_on_an_empty_run(self):
        golden = self.golden()
        self.assert_refused(golden.place("--from", "S4"), 1, "S0")

    def test_a_dry_run_writes_nothing(self):
        golden = self.golden()
        before = sorted(p for p in golden.folder.rglob("*") if p.name != ".lock")
        result = golden.place("--dry-run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("586 outlets", result.stdout)
        self.assertEqual(before, sorted(p for p in golden.folder.rglob("*") if p.name != ".lock"))

    def test_every_code_has_an_explanation(self):
        result = placewright("errors", "E613_RESAMPLE_EXHAUSTED")
        self.assertEqual(result.returncode, 0)
        self.assertIn("what to do", result.stdout)
