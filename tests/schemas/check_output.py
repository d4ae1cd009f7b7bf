#!/usr/bin/env python3
"""Holds the files of a run against contracts/.

  check_output.py RUN [RUN ...]    a line per fault; exit 1 when there is one

For every dataset of the dictionary that exists in the run folder: JSON and JSONL records are validated by the schema that
`schema_ref` names, Parquet files are compared with its list of columns (names, order, types, no nulls, sort order, primary
key, value constraints of the first rows). Needs jsonschema, pyarrow and PyYAML.
"""
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
RECORDS = 500  # records of a log that are validated one by one
ROWS = 2000  # rows of a dataset that are, spread over its files
TYPES = {
    "string": pa.string(), "uint64": pa.uint64(), "int64": pa.int64(), "int32": pa.int32(), "int16": pa.int16(),
    "double": pa.float64(), "bool": pa.bool_(), "date32": pa.date32(), "binary": pa.binary(), "list": pa.list_(pa.string()),
}
# The form of an event log when it is not JSONL.
EVENT_TABLES = {
    "rng_event_site_tile_assign": "schemas.placewright.yaml#/events/site_tile_assign",
    "rng_event_in_cell_jitter": "schemas.placewright.yaml#/events/in_cell_jitter",
}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Contracts:
    def __init__(self):
        self.packs = {p.name: load(p) for p in (CONTRACTS / "schemas").glob("*.yaml")}
        dictionary = load(CONTRACTS / "dictionary/layer1.1B.yaml")
        self.entries = [e for section in dictionary.values() if isinstance(section, list) for e in section]

    def node(self, ref):
        pack, path = ref.split("#/")
        node = self.packs[pack]
        for key in path.split("/"):
            node = node[key]
        return self.packs[pack], node

    def validator(self, ref):
        """An object node as a schema of its own: the pack's $defs below it."""
        pack, node = self.node(ref)
        schema = {"$schema": pack["$schema"], "$defs": pack.get("$defs", {}), **node}
        if node.get("type") == "table":
            schema = {"$schema": pack["$schema"], "$defs": pack.get("$defs", {}), "type": "array", "items": row_schema(node)}
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema)


def row_schema(node):
    return {
        "type": "object",
        "required": [c["name"] for c in node["columns"]],
        "additionalProperties": False,
        "properties": {c["name"]: column_schema(c) for c in node["columns"]},
    }


def column_schema(column):
    schema = {k: v for k, v in column.items() if k not in ("name", "nullable", "physical")}
    if schema.get("type") in ("date", "geometry"):
        schema = {}
    return {"anyOf": [schema, {"type": "null"}]} if column.get("nullable") else schema


class Run:
    def __init__(self, root, contracts):
        self.root, self.contracts, self.faults, self.checked = root, contracts, [], 0
        receipt = json.loads((root / "run_receipt.json").read_text())
        self.tokens = {k: str(receipt[k]) for k in ("seed", "parameter_hash", "manifest_fingerprint", "run_id")}

    def fault(self, where, what):
        self.faults.append(f"{where}: {what}")

    def path(self, entry):
        path = entry["path"]
        for name, value in self.tokens.items():
            path = path.replace("{" + name + "}", value)
        return self.root / path

    def check(self):
        for entry in self.contracts.entries:
            path = self.path(entry)
            if not path.exists():
                continue
            self.checked += 1
            form = entry["format"]
            if form == "parquet":
                self.tables(entry["id"], entry["schema_ref"], path)
            elif form == "jsonl":
                self.records(entry, path)
            elif form == "json":
                self.document(path, entry["schema_ref"])
            elif form == "text":
                self.values(path, entry["schema_ref"], [path.read_text(encoding="ascii")])
            elif form == "directory":
                self.bundle(entry, path)

    def values(self, path, ref, values):
        validator = self.contracts.validator(ref)
        for number, value in enumerate(values):
            for error in validator.iter_errors(value):
                where = "/".join(map(str, error.absolute_path))
                self.fault(path.relative_to(self.root), f"{number}: {where}: {error.message[:200]}")
                return

    def document(self, path, ref):
        self.values(path, ref, [json.loads(path.read_text(encoding="ascii"))])

    def bundle(self, entry, folder):
        pack = entry["schema_ref"].split("#/")[0]
        _, node = self.contracts.node(entry["schema_ref"])
        for name in node["required"]:
            if not (folder / name).is_file():
                self.fault(folder.relative_to(self.root), f"{name} is missing")
        for name, target in node["properties"].items():
            if (folder / name).is_file():
                self.document(folder / name, f"{pack}#/{target['const']}")

    def records(self, entry, path):
        tables = sorted(path.glob("*.parquet")) if path.is_dir() else []
        if tables:
            self.tables(entry["id"], EVENT_TABLES[entry["id"]], path)
            return
        for file in [path] if path.is_file() else sorted(path.glob("*.jsonl")):
            with open(file, encoding="ascii") as lines:
                self.values(file, entry["schema_ref"], [json.loads(line) for _, line in zip(range(RECORDS), lines)])

    def tables(self, dataset, ref, path):
        _, node = self.contracts.node(ref)
        files = [path] if path.is_file() else sorted(path.rglob("*.parquet"))
        previous, share = None, ROWS // max(1, len(files)) + 1
        for file in files:
            where = file.relative_to(self.root)
            with pq.ParquetFile(file) as parquet:
                if not self.columns(where, node, parquet.schema_arrow):
                    continue
                for group in range(parquet.num_row_groups):
                    previous = self.rows(where, node, parquet.read_row_group(group), previous)
                    if group == 0:
                        self.values(file, ref, [parquet.read_row_group(0).slice(0, share).to_pylist()])

    def columns(self, where, node, schema):
        names = [c["name"] for c in node["columns"]]
        if schema.names != names:
            self.fault(where, f"columns {schema.names}, expected {names}")
            return False
        for column in node["columns"]:
            found = schema.field(column["name"]).type
            if pa.types.is_dictionary(found):
                found = found.value_type
            expected = TYPES[column["physical"]]
            same = pa.types.is_list(found) if column["physical"] == "list" else found in (expected, pa.large_string() if expected == pa.string() else expected)
            if not same:
                self.fault(where, f"{column['name']} is {found}, expected {expected}")
                return False
        return True

    def rows(self, where, node, table, previous):
        """Checks one row group; returns its last sort key."""
        for column in node["columns"]:
            if not column.get("nullable") and table.column(column["name"]).null_count:
                self.fault(where, f"{column['name']} holds nulls")
        keys = node.get("sort_keys", [])
        if keys and table.num_rows:
            self.order(where, table.select(keys), previous, keys == node.get("primary_key"))
            previous = tuple(table.column(k)[-1].as_py() for k in keys)
        return previous

    def order(self, where, keys, previous, strict):
        first = tuple(keys.column(i)[0].as_py() for i in range(keys.num_columns))
        if previous is not None and (first < previous or (strict and first == previous)):
            self.fault(where, f"rows are not sorted: {previous} before {first}")
        if keys.num_rows < 2:
            return
        above, below = keys.slice(0, keys.num_rows - 1), keys.slice(1)
        less, equal = pa.chunked_array([pa.array([False] * below.num_rows)]), pa.chunked_array([pa.array([True] * below.num_rows)])
        for i in range(keys.num_columns):
            a, b = plain(above.column(i)), plain(below.column(i))
            less = pc.or_(less, pc.and_(equal, pc.less(a, b)))
            equal = pc.and_(equal, pc.equal(a, b))
        lawful = less if strict else pc.or_(less, equal)
        if not pc.all(lawful).as_py():
            self.fault(where, f"rows are not sorted{' and unique' if strict else ''} by {keys.column_names}")


def plain(column):
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def main(arguments):
    contracts, broken = Contracts(), 0
    for argument in arguments:
        run = Run(Path(argument), contracts)
        run.check()
        for fault in run.faults:
            print(f"{argument}: {fault}")
        print(f"{argument}: {run.checked} datasets, {len(run.faults)} faults")
        broken += bool(run.faults) or not run.checked
    return 1 if broken or not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
