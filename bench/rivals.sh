#!/bin/sh
# Installs the programs bench/world measures beside: DuckDB, Polars, shapely, rasterio (GDAL's block reader) into a venv;
# gdal_rasterize, sha256sum, PostGIS from the system. Usage: bench/rivals.sh [FOLDER]
set -eu
folder=${1:-/tmp/placewright-bench/rivals}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb polars shapely pyarrow numpy rasterio
command -v gdal_rasterize >/dev/null || apt-get install -y gdal-bin
command -v sha256sum >/dev/null || apt-get install -y coreutils
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || apt-get install -y --no-install-recommends postgresql postgresql-postgis ||
  echo "no PostGIS: its row will say so" >&2
"$folder/bin/python" - <<'PY'
import duckdb, polars, rasterio, shapely
print("duckdb", duckdb.__version__, "polars", polars.__version__, "shapely", shapely.__version__, "rasterio", rasterio.__version__)
PY
