// Polygon features of a user's file: shapefile (zipped or not), GeoJSON, GeoPackage and TopoJSON by GDAL; GeoParquet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo_io {

struct VectorFeature {
  std::uint64_t number = 0;         // from 1, in file order
  std::vector<std::string> values;  // along VectorTable::columns; null is empty
  geo::MultiPolygon polygons;  // as stored, Z and M dropped, inside [-180, 180] x [-90, 90]; empty when there are none
};

struct VectorTable {
  std::vector<std::string> columns;
  std::vector<VectorFeature> features;  // one or more
};

// All files that belong to `file`: of a shapefile also its .shx, .dbf, .prj, .cpg.
std::vector<std::filesystem::path> vector_files(const std::filesystem::path& file);

// `layer` may be empty where the file holds one layer only. PW_GEO for a file that cannot be read, REF_VEC_LAYER,
// REF_VEC_EMPTY (no feature), REF_VEC_CRS (none, or not geographic WGS84); with the feature's number REF_VEC_TYPE,
// REF_VEC_BOUNDS, REF_VEC_INVALID (a ring that is none).
Result<VectorTable> read_vector(const std::filesystem::path& file, const std::string& layer);

}  // namespace placewright::geo_io
