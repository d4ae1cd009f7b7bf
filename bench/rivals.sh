#!/bin/sh
# Installs the programs bench/world measures beside: DuckDB, Polars, shapely into a venv; gdal_rasterize, sha256sum from
# the system. Usage: bench/rivals.sh FOLDER
set -eu
folder=${1:-/tmp/placewright-bench/rivals}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb polars shapely pyarrow numpy
command -v gdal_rasterize >/dev/null || apt-get install -y gdal-bin
command -v sha256sum >/dev/null || apt-get install -y coreutils
"$folder/bin/python" - <<'PY'
import duckdb, polars, shapely
print("duckdb", duckdb.__version__, "polars", polars.__version__, "shapely", shapely.__version__)
PY
