#include "geo_io/vector.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "base/json.hpp"
#include "base/text.hpp"
#include "geo_io/gdal_border.hpp"
#include "geo_io/wkb.hpp"
#include "table/table.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;

constexpr double kSlack = 1e-6;                     // degrees
constexpr std::uint64_t kMostFeatures = 1'000'000;  // of a GeoParquet: a few kilobytes may claim billions

Error fault(const char* code, const fs::path& file, const std::string& what) {
  return Error(code, file.string() + ": " + what).with("file", file.string());
}

Error fault(const char* code, const fs::path& file, std::uint64_t feature, const std::string& what) {
  return fault(code, file, "feature " + std::to_string(feature) + ": " + what).with("feature", feature);
}

void register_vectors() {
  static std::once_flag once;
  std::call_once(once, [] {
    RegisterOGRShape();
    RegisterOGRGeoJSON();
    RegisterOGRTopoJSON();
    RegisterOGRGeoPackage();
  });
}

// Outside [-180, 180] x [-90, 90] lie metres and swapped axes; a comparison with NaN fails too.
Result<void> check_bounds(const fs::path& file, std::uint64_t number, const geo::MultiPolygon& polygons) {
  const auto check = [&](const geo::Ring& ring) -> Result<void> {
    for (const auto& p : ring) {
      if (std::abs(p.lon) <= 180 + kSlack && std::abs(p.lat) <= 90 + kSlack) continue;
      return fault("REF_VEC_BOUNDS", file, number,
                   "the point " + double_text(p.lon) + " " + double_text(p.lat) + " is not on the globe");
    }
    return {};
  };
  for (const auto& polygon : polygons) {
    PW_CHECK(check(polygon.exterior));
    for (const auto& hole : polygon.holes) PW_CHECK(check(hole));
  }
  return {};
}

Result<geo::MultiPolygon> polygons_of(const fs::path& file, std::uint64_t number, std::string_view wkb) {
  if (wkb.empty()) return geo::MultiPolygon();
  auto polygons = polygons_of_wkb(wkb);
  if (!polygons) return fault("REF_VEC_INVALID", file, number, polygons.error().message());
  PW_CHECK(check_bounds(file, number, *polygons));
  return polygons;
}

// What GDAL is to open: in a zip the one file of polygons.
Result<std::string> name_for_gdal(const fs::path& file) {
  std::error_code error;
  const auto full = fs::absolute(file, error).string();
  if (upper(file.extension().string()) == ".GZ") return "/vsigzip/" + full;
  if (upper(file.extension().string()) != ".ZIP") return full;
  const auto inside = "/vsizip/{" + full + "}";
  const CPLStringList entries(VSIReadDirRecursive(inside.c_str()));
  std::vector<std::string> found;
  for (int i = 0; i < entries.Count(); ++i) {
    const auto ending = upper(fs::path(entries[i]).extension().string());
    if (ending == ".SHP" || ending == ".GEOJSON" || ending == ".JSON" || ending == ".GPKG")
      found.emplace_back(entries[i]);
  }
  if (found.size() == 1) return inside + "/" + found[0];
  std::ranges::sort(found);
  if (found.empty()) return fault("PW_GEO", file, "the archive is damaged, or holds no .shp, .geojson, .json or .gpkg");
  return fault("REF_VEC_LAYER", file, "the archive holds " + join(found, ", ") + "; unpack it and name one");
}

constexpr std::uint64_t kLargestTopoJson = std::uint64_t{256} << 20;  // read as a whole, GeoJSON is not

Result<GDALDatasetUniquePtr> open_vectors(const fs::path& file, const QuietGdal& quiet) {
  PW_TRY(const auto name, name_for_gdal(file));
  std::error_code error;
  const auto bytes = fs::is_regular_file(file, error) ? fs::file_size(file, error) : 0;
  const bool large = bytes > kLargestTopoJson;
  if (large && upper(file.extension().string()) == ".TOPOJSON")
    return fault("REF_FILE_SIZE", file, "it has " + bytes_text(bytes));
  const std::array<const char*, 5> drivers = {"ESRI Shapefile", "GeoJSON", "GPKG", large ? nullptr : "TopoJSON",
                                              nullptr};
  GDALDatasetUniquePtr dataset(GDALDataset::Open(name.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.data()));
  if (!dataset) return fault("PW_GEO", file, "this is no readable file of polygons: " + quiet.message());
  return dataset;
}

Result<OGRLayer*> pick_layer(GDALDataset& dataset, const fs::path& file, const std::string& layer) {
  if (layer.empty() && dataset.GetLayerCount() == 1) return dataset.GetLayer(0);
  std::vector<std::string> names;
  for (auto* candidate : dataset.GetLayers()) {
    if (candidate->GetName() == layer) return candidate;
    names.emplace_back(candidate->GetName());
  }
  if (names.empty()) return fault("REF_VEC_EMPTY", file, "there is no feature in it");
  return fault("REF_VEC_LAYER", file, "name one layer of: " + join(names, ", "));
}

Result<void> check_crs(const OGRSpatialReference* crs, const fs::path& file) {
  if (crs == nullptr)
    return fault("REF_VEC_CRS", file, "it does not say its coordinate system (a shapefile needs its .prj)");
  if (is_wgs84(*crs)) return {};
  const char* name = crs->GetName();
  return fault("REF_VEC_CRS", file, std::string("its coordinate system is ") + (name == nullptr ? "unnamed" : name));
}

Result<geo::MultiPolygon> polygons_of(const fs::path& file, std::uint64_t number, const OGRGeometry* geometry) {
  if (geometry == nullptr) return polygons_of(file, number, std::string_view());
  const auto type = wkbFlatten(geometry->getGeometryType());
  if (type != wkbPolygon && type != wkbMultiPolygon)
    return fault("REF_VEC_TYPE", file, number, std::string("it is a ") + geometry->getGeometryName());
  std::string wkb(geometry->WkbSize(), '\0');
  geometry->exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(wkb.data()), wkbVariantIso);
  return polygons_of(file, number, wkb);
}

Result<VectorFeature> feature_of(const fs::path& file, std::uint64_t number, const OGRFeature& feature) {
  VectorFeature out;
  out.number = number;
  for (int i = 0; i < feature.GetFieldCount(); ++i) {
    std::string value = feature.IsFieldSetAndNotNull(i) ? feature.GetFieldAsString(i) : "";
    out.values.push_back(is_utf8(value) ? std::move(value) : "");
  }
  PW_TRY(out.polygons, polygons_of(file, number, feature.GetGeometryRef()));
  return out;
}

Result<VectorTable> read_with_gdal(const fs::path& file, const std::string& layer) {
  register_vectors();
  const QuietGdal quiet;
  CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "NO");  // a shapefile is several files
  PW_TRY(const auto dataset, open_vectors(file, quiet));
  PW_TRY(auto* const chosen, pick_layer(*dataset, file, layer));
  // TopoJSON has no way to say it; that its points lie on the globe is checked.
  if (!EQUAL(dataset->GetDriverName(), "TopoJSON")) PW_CHECK(check_crs(chosen->GetSpatialRef(), file));
  VectorTable out;
  const auto* shape = chosen->GetLayerDefn();
  for (int i = 0; i < shape->GetFieldCount(); ++i) out.columns.emplace_back(shape->GetFieldDefn(i)->GetNameRef());
  CPLErrorReset();
  while (const OGRFeatureUniquePtr feature{chosen->GetNextFeature()}) {
    PW_TRY(auto next, feature_of(file, out.features.size() + 1, *feature));
    out.features.push_back(std::move(next));
  }
  if (!quiet.message().empty()) {
    return fault("PW_GEO", file, out.features.size() + 1, "cannot be read: " + quiet.message());
  }
  return out;
}

// The `geo` record names the geometry column; no `crs` there means longitude and latitude in WGS84 (GeoParquet 1.0).
Result<std::string> geometry_column(const table::Dataset& data, const fs::path& file) {
  const auto text = data.metadata("geo");
  if (text.empty()) return fault("REF_VEC_CRS", file, "it has no `geo` record, so its coordinate system is not known");
  PW_TRY(const auto geo, parse_json(text, file.string() + ", geo"));
  const auto name = geo.is_object() ? geo.value("primary_column", Json()) : Json();
  const auto columns = geo.is_object() ? geo.value("columns", Json()) : Json();
  if (!name.is_string() || !columns.is_object() || !columns.contains(name.get<std::string>()))
    return fault("PW_GEO", file, "its `geo` record names no geometry column");
  const auto& column = columns.at(name.get<std::string>());
  if (!column.is_object() || column.value("encoding", Json()) != "WKB")
    return fault("PW_GEO", file, "its geometry is not encoded as WKB");
  if (!column.contains("crs")) return name.get<std::string>();
  OGRSpatialReference crs;
  const QuietGdal quiet;
  if (column.at("crs").is_null() || crs.SetFromUserInput(column.at("crs").dump().c_str()) != OGRERR_NONE)
    return fault("REF_VEC_CRS", file, "its coordinate system is not known");
  PW_CHECK(check_crs(&crs, file));
  return name.get<std::string>();
}

Result<VectorTable> read_parquet(const fs::path& file) {
  PW_TRY(const auto data, table::Dataset::open(file));
  if (data.rows() > kMostFeatures) {
    return fault("PW_GEO", file, "it claims " + std::to_string(data.rows()) + " features; at most 1,000,000 are read");
  }
  PW_TRY(const auto geometry, geometry_column(data, file));
  VectorTable out;
  table::Schema schema = {{geometry, table::Kind::bytes, table::Encoding::automatic, true}};
  for (const auto& column : data.column_names()) {  // those that hold text
    const table::Field field = {column, table::Kind::text, table::Encoding::automatic, true};
    if (column == geometry || (data.groups() > 0 && !data.read(0, {field}))) continue;
    schema.push_back(field);
    out.columns.push_back(column);
  }
  for (std::size_t group = 0; group < data.groups(); ++group) {
    PW_TRY(const auto batch, data.read(group, schema));
    for (std::size_t row = 0; row < batch.rows; ++row) {
      auto& feature = out.features.emplace_back();
      feature.number = out.features.size();
      for (std::size_t i = 1; i < schema.size(); ++i) feature.values.emplace_back(batch.text(i).at(row));
      PW_TRY(feature.polygons, polygons_of(file, feature.number, batch.bytes(0)[row]));
    }
  }
  return out;
}

}  // namespace

std::vector<fs::path> vector_files(const fs::path& file) {
  std::vector<fs::path> files = {file};
  if (upper(file.extension().string()) != ".SHP") return files;
  for (const char* ending : {".shx", ".dbf", ".prj", ".cpg", ".SHX", ".DBF", ".PRJ", ".CPG"}) {
    std::error_code error;
    auto beside = file;
    if (fs::is_regular_file(beside.replace_extension(ending), error)) files.push_back(beside);
  }
  return files;
}

Result<VectorTable> read_vector(const fs::path& file, const std::string& layer) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fault("PW_INPUT", file, "there is no such file");
  const bool parquet = upper(file.extension().string()) == ".PARQUET";
  auto read = parquet ? read_parquet(file) : read_with_gdal(file, layer);
  if (read && read->features.empty()) return fault("REF_VEC_EMPTY", file, "there is no feature in it");
  return read;
}

}  // namespace placewright::geo_io
