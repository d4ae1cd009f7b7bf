#!/bin/sh
# Writes the rasters of this folder with GDAL's command-line tools.
set -e
cd "$(dirname "$0")"
printf 'ncols 4\nnrows 2\nxllcorner 10\nyllcorner 50\ncellsize 0.5\n0 1 2 3\n4 5 6 7\n' > grid.asc
make() { gdal_translate -q -of GTiff -ot "$3" -a_srs "$2" -a_ullr 10 51 12 50 grid.asc "$1"; }
make wgs84_without_code.tif 'GEOGCS["somewhere",DATUM["unknown",SPHEROID["unnamed",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]' Float32
make etrs89.tif EPSG:4258 Float32
make mercator.tif EPSG:3857 Float32
make paris.tif 'GEOGCS["elsewhere",DATUM["unknown",SPHEROID["unnamed",6378137,298.257223563]],PRIMEM["Paris",2.33722917],UNIT["degree",0.0174532925199433]]' Float32
make int16.tif EPSG:4326 Int16
gdal_translate -q -of GTiff -ot Float32 grid.asc no_crs.tif
rm -f grid.asc ./*.aux.xml
