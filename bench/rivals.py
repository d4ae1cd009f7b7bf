"""What the rivals run, each a program for the rivals' python (or psql). A program prints its figures as its last words,
its own CPU seconds of the measured part last; reading what it works on is outside its clock."""

GEOJSON = """
import json, sys, pyarrow.parquet as pq, shapely
table = pq.read_table(sys.argv[1])
with open(sys.argv[2], "w") as out:
    for geometry in table["geom"].to_pylist():
        feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(geometry)))}
        out.write(json.dumps(feature) + "\\n")
"""

# Cells of either mask, and those in which they differ.
MASKS = """
import sys, numpy as np, rasterio
from rasterio.windows import Window
with rasterio.open(sys.argv[1]) as a, rasterio.open(sys.argv[2]) as b:
    ours = theirs = differ = 0
    for top in range(0, a.height, 512):
        window = Window(0, top, a.width, min(512, a.height - top))
        p, q = a.read(1, window=window), b.read(1, window=window)
        ours, theirs, differ = ours + int(p.sum()), theirs + int(q.sum()), differ + int((p != q).sum())
print(ours, theirs, differ)
"""

# The exported files of whole countries, largest first (none above a quarter), until there are enough rows; in memory before
# the clock starts.
INDEX_ROWS = """
import sys, os, time, glob, duckdb
folder, wanted, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
files, rows = [], 0
for file in sorted(glob.glob(folder + "/**/*.parquet", recursive=True), key=lambda f: (-os.path.getsize(f), f)):
    count = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [file]).fetchone()[0]
    if rows >= wanted or count > wanted / 4: continue
    files.append(file)
    rows += count
ours = sum(os.path.getsize(f) for f in files)
con = duckdb.connect(); con.execute("SET enable_progress_bar=false; SET threads=1; SET preserve_insertion_order=true")
con.execute("CREATE TABLE t AS SELECT * FROM read_parquet(?, hive_partitioning=false)", [sorted(files)])
SUMS = "SELECT count(*), sum(tile_id::HUGEINT), sum(raster_col), sum(centroid_lon) FROM read_parquet(?, hive_partitioning=false)"
def finish(seconds):
    written = glob.glob(out + "/**/*.parquet", recursive=True)
    a, b = (duckdb.execute(SUMS, [f]).fetchone() for f in (files, written))
    assert a[:3] == b[:3] and abs(a[3] - b[3]) < 1e-6 * abs(a[3]), (a, b)
    print(rows, ours, sum(os.path.getsize(f) for f in written), seconds)
"""
DUCKDB_PARTITIONED = INDEX_ROWS + """
began = time.process_time()
con.execute(f"COPY t TO '{out}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY country_iso, WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE)")
finish(time.process_time() - began)
"""
POLARS_PARTITIONED = "import os; os.environ['POLARS_MAX_THREADS'] = '1'" + INDEX_ROWS + """
import polars
frame = polars.from_arrow(con.execute("SELECT * FROM t").to_arrow_table())
os.makedirs(out, exist_ok=True)
began = time.process_time()
for part in frame.partition_by("country_iso", maintain_order=True):
    part.write_parquet(f"{out}/{part['country_iso'][0]}.parquet", compression="zstd", compression_level=3)
finish(time.process_time() - began)
"""

# Every block of the raster once, dealt out to threads that each have their own handle; GDAL frees the GIL while it reads.
GDAL_BLOCKS = """
import sys, time, threading, rasterio
file, threads = sys.argv[1], int(sys.argv[2])
with rasterio.open(file) as raster: blocks, nodata = [w for _, w in raster.block_windows(1)], raster.nodata
people = [0.0] * threads
def read(thread):
    with rasterio.Env(GDAL_CACHEMAX=16), rasterio.open(file) as raster:
        for window in blocks[thread::threads]: people[thread] += float(raster.read(1, window=window)[0, 0] >= 0)
wall, began = time.monotonic(), time.process_time()
work = [threading.Thread(target=read, args=(t,)) for t in range(threads)]
for t in work: t.start()
for t in work: t.join()
print(len(blocks), time.monotonic() - wall, time.process_time() - began)
"""

# bench/shapes.hpp's country, uniform points in its box, those inside kept.
COUNTRY = """
import sys, time, math, numpy as np, shapely
vertices, wanted = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(7); reach, ring = 4.0, []
for i in range(vertices):
    reach = min(6.0, max(2.0, reach + 0.02 * (rng.random() - 0.5))); angle = 2 * math.pi * i / vertices
    ring.append((10 + reach * math.cos(angle), 45 + reach * math.sin(angle)))
country = shapely.make_valid(shapely.Polygon(ring))
"""
SHAPELY_POINTS = COUNTRY + """
shapely.prepare(country); box = country.bounds; kept = 0
began = time.process_time()
while kept < wanted:
    x, y = rng.uniform(box[0], box[2], 100_000), rng.uniform(box[1], box[3], 100_000)
    kept += int(shapely.contains_xy(country, x, y).sum())
print(kept, time.process_time() - began)
"""
COUNTRY_WKT = COUNTRY + "print(country.wkt)"

DUCKDB_SITES = """
import sys, time, duckdb
run, out = sys.argv[1], sys.argv[2]
con = duckdb.connect(); con.execute("SET enable_progress_bar=false; SET threads=2")
for name, folder in (("s5", "s5_site_tile_assignment"), ("s6", "s6_site_jitter"), ("s7", "s7_site_synthesis"), ("s8", "site_locations")):
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{run}/data/**/{folder}/**/*.parquet', hive_partitioning=false)")
wall, began = time.monotonic(), time.process_time()
for name in ("s5", "s6", "s7", "s8"): con.execute(f"COPY {name} TO '{out}/{name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
print(con.execute("SELECT count(*) FROM s8").fetchone()[0], time.monotonic() - wall, time.process_time() - began)
"""
DUCKDB_COUNTS = """
import sys, time, duckdb
run = sys.argv[1]
con = duckdb.connect(); con.execute("SET enable_progress_bar=false; SET threads=2")
began = time.process_time()
sites = con.execute(f'''SELECT count(*), sum(site_order), sum(lon_deg), sum(lat_deg), count(DISTINCT (merchant_id, legal_country_iso, site_order))
  FROM read_parquet('{run}/data/**/site_locations/**/*.parquet', hive_partitioning=false)''').fetchone()
events = con.execute(f'''SELECT count(*), sum(counter_lo::HUGEINT), count(DISTINCT (merchant_id, legal_country_iso, site_order))
  FROM read_parquet('{run}/logs/**/*.parquet', hive_partitioning=false, union_by_name=true)''').fetchone()
assert sites[4] == sites[0]
print(sites[0], events[0], time.process_time() - began)
"""

# A throw-away PostgreSQL with PostGIS: FOLDER PROGRAMS(initdb's folder) WKT-FILE POINTS. CPU seconds are those of the
# backend that makes the points, read from /proc before and after.
POSTGIS = r"""
set -eu
folder=$1 programs=$2 wkt=$3 points=$4
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
rm -rf "$folder"; mkdir -p "$folder"; [ "$(id -u)" = 0 ] && chown postgres "$folder"
as "$programs/initdb" -D "$folder/db" -A trust >/dev/null
as "$programs/pg_ctl" -D "$folder/db" -w -l "$folder/db/log" -o "-k $folder -c listen_addresses= -c jit=off" start >/dev/null
trap 'as "$programs/pg_ctl" -D "$folder/db" -m immediate stop >/dev/null' EXIT
{
  echo "CREATE EXTENSION postgis; CREATE TABLE c(g geometry);"
  echo "COPY c FROM stdin;"; printf 'SRID=4326;'; cat "$wkt"; echo '\.'
  echo "CREATE FUNCTION cpu() RETURNS bigint LANGUAGE sql AS \$\$
    SELECT f[12]::bigint + f[13]::bigint FROM (SELECT string_to_array(regexp_replace(pg_read_file('/proc/' || pg_backend_pid() || '/stat'), '^.*\) ', ''), ' ') f) s \$\$;"
  echo "CREATE TEMP TABLE b AS SELECT cpu() t;"
  echo "SELECT ST_NumGeometries(ST_GeneratePoints(g, $points, 7)) FROM c;"
  echo "SELECT (cpu() - t) / 100.0 FROM b;"
} | as psql -q -X -A -t -h "$folder" -d postgres
"""
