"""Every golden run: each value equals what the reference engine wrote (rules: tests/golden/README.md)."""
import hashlib
import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from support import RUNS, Golden, SystemTest, digests, placewright, records

TABLES = {"s3_requirements": "s3", "s4_alloc_plan": "s4", "s5_site_tile_assignment": "s5", "s6_site_jitter": "s6",
          "s7_site_synthesis": "s7", "site_locations": "s8"}
REPORTS = {"s1_run_report": None, "s2_run_report": "s2", "s3_run_report": "s3", "s4_run_report": "s4", "s5_run_report": "s5",
           "s6_run_report": "s6", "s7_run_summary": "s7", "s8_run_summary": "s8"}
# Telemetry, clocks, and digests of Parquet bytes, which belong to one writer.
VOLATILE = re.compile(r"sha256|bytes|surface_sig|_utc$|^at$|substage_timing|seconds|rate|^eta")
COUNTED = {"rows_emitted", "pairs_total", "countries_processed", "cells_included_total", "cells_scanned_total"}


def rendered(column):
    """Canonical text of a column: integers in decimal, doubles as the hex digits of their bits."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        return [f"{bits:016x}" for bits in column.to_numpy().astype(np.float64).view(np.uint64).tolist()]
    return [str(value) for value in column.to_pylist()]


def digest(table, columns):
    whole = hashlib.sha256()
    for row in zip(*(rendered(table.column(name).combine_chunks()) for name in columns)):
        whole.update((",".join(row) + "\n").encode())
    return whole.hexdigest()


def read(folder):
    return pa.concat_tables([pq.ParquetFile(part).read() for part in sorted(folder.rglob("*.parquet"))])


def leaves(node, path=()):
    """(path, value) of every stable leaf of a report."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    if items is None:
        yield path, node
        return
    for key, value in items:
        inside_pat = path[:1] == ("pat",)
        if isinstance(key, str) and (VOLATILE.search(key) or (inside_pat and key not in COUNTED)):
            continue
        yield from leaves(value, path + (key,))


class Goldens(SystemTest):
    def check_rows(self, golden, data):
        for name, rows, wanted in (line.split(",") for line in (golden.stored / "table_digests.csv").read_text().splitlines()[1:]):
            stored = pq.ParquetFile(golden.stored / TABLES[name] / "part-00000.parquet").schema_arrow.names
            table = read(data / name)
            self.assertEqual(table.num_rows, int(rows), name)
            self.assertEqual(digest(table, stored), wanted, name)

    def check_tiles(self, golden, data):
        folder = golden.world / f"tiles_{golden.meta['predicate']}"
        for line in (folder / "tile_digests.csv").read_text().splitlines()[1:]:
            iso, rows, _, _, _, index, bounds = line.split(",")[:7]
            for name, wanted in (("tile_index", index), ("tile_bounds", bounds)):
                found = list((data / name).rglob(f"country={iso}"))
                self.assertEqual(bool(found), int(rows) > 0, f"{name} {iso}")
                if found:
                    table = read(found[0])
                    self.assertEqual(digest(table, table.column_names), wanted, f"{name} {iso}")
        for line in (golden.stored / "s2/weight_digests.csv").read_text().splitlines()[1:]:
            cells = line.split(",")
            table = pq.ParquetFile(next((data / "tile_weights").rglob(f"part-{cells[0]}.parquet"))).read()
            self.assertEqual(digest(table, table.column_names), cells[5], f"tile_weights {cells[0]}")

    def check_logs(self, golden):
        for stored in sorted((golden.stored / "rng").glob("*.jsonl.gz")):
            name = stored.name.removesuffix(".jsonl.gz")
            short = name.removeprefix("rng_event_")
            found = [p for p in (golden.run / "logs").rglob("*.jsonl") if p.stem == name or f"/{short}/" in str(p)]
            wanted, got = records([stored]), records(found)
            if golden.meta["failure_events"]:  # the reference's live trace held rows of the state that stopped
                wanted = [r for r in wanted if r.get("module") != "1B.S6.jitter"]
            for record in (*wanted, *got):
                record.pop("build_commit", None)
            self.assertEqual(got, wanted, name)

    def check_reports(self, golden):
        for stem, state in REPORTS.items():
            folder = golden.stored / state if state else golden.world / f"tiles_{golden.meta['predicate']}"
            if not (folder / f"{stem}.json").exists():
                continue
            found = json.loads(next((golden.run / "reports").rglob(f"{stem}.json")).read_text())
            mine = dict(leaves(found))
            for path, value in leaves(json.loads((folder / f"{stem}.json").read_text())):
                if state is None and path[0] in ("parameter_hash", "determinism_receipt"):
                    continue  # stored once for all runs of a predicate
                self.assertIn(path, mine, stem)
                if isinstance(value, float):
                    self.assertAlmostEqual(mine[path], value, delta=1e-12 * max(1.0, abs(value)), msg=f"{stem} {path}")
                else:
                    self.assertEqual(mine[path], value, f"{stem} {path}")

    def check_bundle(self, golden, data):
        bundle = next((data / "validation").iterdir())
        for name in ("index.json", "MANIFEST.json", "parameter_hash_resolved.json", "manifest_fingerprint_resolved.json",
                     "rng_accounting.json", "s9_summary.json"):
            self.assertEqual((bundle / name).read_bytes(), (golden.stored / "s9" / name).read_bytes(), name)
        paths = sorted(row["path"] for row in json.loads((bundle / "index.json").read_text()))
        law = hashlib.sha256(b"".join((bundle / path).read_bytes() for path in paths)).hexdigest()
        self.assertEqual((bundle / "_passed.flag").read_text(), f"sha256_hex = {law}\n")

    def check_seal(self, golden, data):
        fields = ("sha256_hex", "version_tag", "partition", "schema_ref")
        by_id = lambda rows: {row["asset_id"]: [row[f] for f in fields] for row in rows}
        sealed = next((data / "sealed_inputs").rglob("sealed_inputs_1B.json"))
        self.assertEqual(by_id(json.loads(sealed.read_text())),
                         by_id(json.loads((golden.stored / "s0/sealed_inputs_1B.json").read_text())))

    def check(self, golden):
        result = golden.place()
        stops = golden.meta["failure_events"]
        self.assertEqual(result.returncode, 1 if stops else 0, result.stderr)
        data = golden.run / "data/layer1/1B"
        self.check_seal(golden, data)
        self.check_tiles(golden, data)
        self.check_rows(golden, data)
        self.check_logs(golden)
        self.check_reports(golden)
        for event in stops:
            log = next(golden.run.glob("run_log_*.log")).read_text()
            record = json.loads(next(line for line in log.splitlines() if event["event"] in line).split(event["event"], 1)[1])
            self.assertEqual({k: record[k] for k in event if k != "at"}, {k: v for k, v in event.items() if k != "at"})
            self.assertFalse((data / "s6_site_jitter").exists())
        if not stops:
            self.check_bundle(golden, data)

    def test_each_value_equals_the_reference(self):
        for world, run in RUNS:
            with self.subTest(world=world, run=run):
                self.check(Golden(world, run).lay_out(self.scratch / world / run))

    def test_bytes_do_not_depend_on_threads(self):
        for world, run in (("coarse-world", "shipped"), ("fine-patch", "blend")):
            for form in ("rows", "spans"):
                seen = []
                for threads in (1, 2, 8):
                    golden = Golden(world, run).lay_out(self.scratch / f"{run}-{form}-{threads}")
                    events = "jsonl" if form == "rows" else "parquet"
                    result = golden.place("--threads", threads, "--publish", form, "--events", events)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    seen.append(digests(golden.run))
                self.assertEqual(seen[0], seen[1])
                self.assertEqual(seen[0], seen[2])

    def test_forms_change_no_site(self):
        rows = self.golden("coarse-world", "shipped", "rows")
        spans = self.golden("coarse-world", "shipped", "spans")
        self.assertEqual(rows.place().returncode, 0)
        self.assertEqual(spans.place("--publish", "spans", "--events", "parquet").returncode, 0)
        for name in ("site_locations", "validation"):
            kept = lambda golden: {k: v for k, v in digests(golden.run).items() if f"1B/{name}/" in k}
            self.assertEqual(kept(rows), kept(spans), name)

    def test_rows_exported_from_spans_are_the_rows_of_the_reference(self):
        golden = self.golden("fine-patch", "blend")
        self.assertEqual(golden.place("--publish", "spans", "--events", "parquet").returncode, 0)
        roots = ("--external-root", "policy_blend", "--external-root", "ext")
        for what in ("tiles", "weights"):
            result = placewright("export", golden.run, what, "--out", self.scratch / what, *roots, cwd=golden.folder)
            self.assertEqual(result.returncode, 0, result.stderr)
        for line in (golden.world / "tiles_center/tile_digests.csv").read_text().splitlines()[1:]:
            iso, rows, _, _, _, wanted = line.split(",")[:6]
            if int(rows) > 0:
                table = read(self.scratch / "tiles" / f"country={iso}")
                self.assertEqual(digest(table, table.column_names), wanted, iso)
        for line in (golden.stored / "s2/weight_digests.csv").read_text().splitlines()[1:]:
            cells = line.split(",")
            table = pq.ParquetFile(self.scratch / "weights" / f"part-{cells[0]}.parquet").read()
            self.assertEqual(digest(table, table.column_names), cells[5], cells[0])

    def test_events_in_parquet_give_back_the_log_byte_for_byte(self):
        wanted = self.golden("fine-patch", "blend", "jsonl")
        packed = self.golden("fine-patch", "blend", "parquet")
        self.assertEqual(wanted.place().returncode, 0)
        self.assertEqual(packed.place("--events", "parquet").returncode, 0)
        out = self.scratch / "events"
        result = placewright("export", packed.run, "events", "--format", "jsonl", "--out", out,
                             "--external-root", "policy_blend", "--external-root", "ext", cwd=packed.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        by_name = lambda folder: {p.name if "trace" in p.name else str(p.relative_to(folder)).split("/seed=")[0].split("/")[-1]:
                                  p.read_bytes() for p in sorted(folder.rglob("*.jsonl")) if "audit" not in p.name}
        self.assertEqual(by_name(out), by_name(wanted.run / "logs"))
