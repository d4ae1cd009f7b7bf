"""Writes the Parquet files of this folder, as other programs write them. Needs pyarrow, duckdb, polars."""
import struct
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
n = 2000
rows = range(n)
isos = ["AD", "BE", "CH"]

kinds = pa.table({
    "u64": pa.array([2**64 - 1 - i for i in rows], pa.uint64()),
    "u32": pa.array([2**32 - 1 - i for i in rows], pa.uint32()),
    "i64": pa.array([i - 7 for i in rows], pa.int64()),
    "i32": pa.array([i - 7 for i in rows], pa.int32()),
    "i16": pa.array([i - 7 for i in rows], pa.int16()),
    "i8": pa.array([i % 100 for i in rows], pa.int8()),
    "f64": pa.array([i / 3 for i in rows], pa.float64()),
    "f32": pa.array([i / 4 for i in rows], pa.float32()),
    "flag": pa.array([i % 3 == 0 for i in rows], pa.bool_()),
    "iso": pa.array([isos[i // 10 % 3] for i in rows], pa.string()),
    "coded": pa.array([isos[i // 10 % 3] for i in rows]).dictionary_encode(),
    "long": pa.array([isos[i // 10 % 3] for i in rows], pa.large_string()),
    "key": pa.array([f"key-{i}" for i in rows], pa.string()),
    "blob": pa.array([struct.pack("<I", i) for i in rows], pa.binary()),
    "day": pa.array([i for i in rows], pa.int32()).cast(pa.date32()),
    "when": pa.array([i for i in rows], pa.int64()).cast(pa.timestamp("us")),
    "tags": pa.array([[f"t{j}" for j in range(i % 4)] for i in rows], pa.list_(pa.string())),
    "numbers": pa.array([[i] for i in rows], pa.list_(pa.int64())),
    "group": pa.array([{"a": i} for i in rows], pa.struct([("a", pa.int64())])),
})
pq.write_table(kinds, here / "pyarrow.parquet", row_group_size=700)
# The dictionary overflows on its first page, so a column chunk mixes coded and plain pages.
pq.write_table(kinds.select(["u64", "iso", "key", "tags"]), here / "pyarrow_mixed.parquet", row_group_size=900,
               dictionary_pagesize_limit=400, data_page_size=600, write_batch_size=50, data_page_version="2.0", compression="zstd")
required = pa.schema([pa.field("u64", pa.uint64(), nullable=False), pa.field("iso", pa.string(), nullable=False),
                      pa.field("tags", pa.list_(pa.field("element", pa.string(), nullable=False)), nullable=False)])
pq.write_table(kinds.select(["u64", "iso", "tags"]).cast(required), here / "pyarrow_required.parquet", compression="none")


def holes(values, at):
    return [None if i == at else v for i, v in enumerate(values)]


pq.write_table(pa.table({
    "u64": pa.array(holes(range(20), 12), pa.uint64()),
    "f64": pa.array(holes([i / 2 for i in range(20)], 12), pa.float64()),
    "iso": pa.array(holes(["AD"] * 20, 12)),
    "blob": pa.array(holes([b"x"] * 20, 12), pa.binary()),
    "flag": pa.array(holes([True] * 20, 12)),
    "tags": pa.array(holes([["a"]] * 20, 12), pa.list_(pa.string())),
    "element": pa.array([["a", None if i == 12 else "b"] for i in range(20)], pa.list_(pa.string())),
    "negative": pa.array([-1 if i == 12 else 1 for i in range(20)], pa.int64()),
    "large": pa.array([2**63 if i == 12 else 1 for i in range(20)], pa.uint64()),
    "bytes": pa.array([b"\xff" if i == 12 else b"ok" for i in range(20)], pa.binary()).cast(pa.string(), safe=False),
}), here / "faults.parquet", row_group_size=8)

square = struct.pack("<BII I 10d", 1, 3, 1, 5, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0)
pq.write_table(pa.table({"country_iso": ["de", "FR"], "geom": pa.array([square, None], pa.binary())}), here / "null_geometry.parquet")

small = kinds.select(["u64", "i64", "f64", "flag", "iso", "key", "blob", "day", "tags"])
polars.from_arrow(small).write_parquet(here / "polars.parquet", row_group_size=700)
duckdb.sql("SET threads = 1")
duckdb.sql(f"COPY small TO '{here / 'duckdb.parquet'}' (FORMAT parquet, ROW_GROUP_SIZE 1000)")
