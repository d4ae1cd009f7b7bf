#include "world/time_zones.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "geo/area.hpp"
#include "geo_io/countries.hpp"
#include "hash/sha256.hpp"
#include "table/table.hpp"
#include "world/geometry.hpp"
#include "world/products.hpp"

namespace placewright::world {
namespace {

constexpr std::size_t kFewestZones = 401;  // fewer is a part of the world, or the zones of one moment

// One to three names of letters, digits, _ + -, joined by /; 3 to 64 characters in all.
bool is_zone(std::string_view name) {
  if (name.size() < 3 || name.size() > 64) return false;
  const auto parts = split(name, '/');
  const auto fine = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
           c == '-' || c == '.';
  };
  return parts.size() <= 3 &&
         std::ranges::all_of(parts, [&](const auto& part) { return !part.empty() && std::ranges::all_of(part, fine); });
}

Error fault(const char* code, const geo_io::VectorFeature& feature, const std::string& what) {
  return Error(code, "feature " + std::to_string(feature.number) + ": " + what).with("feature", feature.number);
}

struct Piece {
  ZonePolygon row;
  geo::Box box = {};
  std::string digest;
  auto key() const {  // larger areas first
    return std::tuple(std::string_view(row.tzid), -row.area_m2, box.min_lon, box.min_lat, box.max_lon, box.max_lat,
                      std::string_view(digest));
  }
};

struct Exploded {
  std::vector<Piece> pieces;
  bool was_valid = true;
};

Result<Exploded> explode(const geo_io::VectorFeature& feature, const std::string& tzid) {
  if (feature.polygons.empty()) return fault("REF_VEC_INVALID", feature, tzid + " has no geometry, or an empty one");
  auto repaired = make_valid_polygons(feature.polygons);
  if (!repaired) return fault("REF_VEC_INVALID", feature, tzid + ": " + repaired.error().message());
  if (repaired->polygons.empty()) return fault("REF_VEC_INVALID", feature, tzid + " has no area");
  Exploded out;
  out.was_valid = repaired->was_valid;
  for (auto& polygon : repaired->polygons) {
    auto& piece = out.pieces.emplace_back();
    const geo::MultiPolygon alone = {std::move(polygon)};
    piece.row = {tzid, 0, geo::polygon_area(alone.front()), geo_io::wkb_of(alone)};
    piece.box = geo::bounds(alone);
    piece.digest = hash::sha256_hex(piece.row.wkb);
  }
  return out;
}

geo::Box united(const geo::Box& a, const geo::Box& b) {
  return {std::min(a.min_lon, b.min_lon), std::min(a.min_lat, b.min_lat), std::max(a.max_lon, b.max_lon),
          std::max(a.max_lat, b.max_lat)};
}

void take_rows(std::vector<Piece> pieces, TimeZones& out) {
  std::ranges::sort(pieces, [](const Piece& a, const Piece& b) { return a.key() < b.key(); });
  for (auto& piece : pieces) {
    const bool next = !out.rows.empty() && out.rows.back().tzid == piece.row.tzid;
    piece.row.polygon_id = next ? out.rows.back().polygon_id + 1 : 0;
    out.zones += next ? 0 : 1;
    out.bounds = united(out.bounds, piece.box);
    out.rows.push_back(std::move(piece.row));
  }
}

}  // namespace

Result<TimeZones> time_zones(const geo_io::VectorTable& source, work::Pool& pool) {
  const auto at = std::ranges::find(source.columns, "TZID", [](const std::string& name) { return upper(name); });
  if (at == source.columns.end())
    return Error("REF_TZ_COLUMN", "there is no column tzid; the columns are " + join(source.columns, ", "));
  const auto column = static_cast<std::size_t>(at - source.columns.begin());
  TimeZones out;
  out.features = source.features.size();
  std::vector<Piece> pieces;
  std::set<std::string> repaired, names;
  for (const auto& feature : source.features) {
    const auto& name = feature.values[column];
    if (!is_zone(name)) return fault("REF_TZ_NAME", feature, "\"" + name + "\" is not a time zone").with("value", name);
    names.insert(name);
  }
  if (names.size() < kFewestZones)
    return Error("REF_TZ_COUNT", std::to_string(names.size()) + " zones; the whole world has more than 400");
  PW_CHECK(work::ordered<Exploded>(
      pool, source.features.size(),
      [&](std::size_t i) { return explode(source.features[i], source.features[i].values[column]); },
      [&](std::size_t i, Exploded&& made) -> Result<void> {
        if (!made.was_valid) repaired.insert(source.features[i].values[column]);
        std::ranges::move(made.pieces, std::back_inserter(pieces));
        return {};
      }));
  out.repaired.assign(repaired.begin(), repaired.end());
  take_rows(std::move(pieces), out);
  return out;
}

Result<void> write_time_zones(const std::filesystem::path& file, const TimeZones& zones) {
  table::TextColumn names;
  std::vector<std::int32_t> numbers;
  std::vector<std::string> shapes;
  for (const auto& row : zones.rows) {
    if (names.dictionary.empty() || names.dictionary.back() != row.tzid) names.dictionary.push_back(row.tzid);
    names.codes.push_back(static_cast<std::uint32_t>(names.dictionary.size() - 1));
    numbers.push_back(row.polygon_id);
    shapes.push_back(row.wkb);
  }
  table::Batch batch;
  batch.rows = zones.rows.size();
  batch.columns = {std::move(names), std::move(numbers), std::move(shapes)};
  table::WriteOptions options;
  PW_TRY(auto record, geo_record({"Polygon"}, zones.bounds));
  options.metadata = {{"geo", std::move(record)}};
  using table::Kind;
  PW_TRY(auto writer, table::FileWriter::create(
                          file, {{"tzid", Kind::text}, {"polygon_id", Kind::i32}, {"geom", Kind::bytes}}, options));
  PW_CHECK(writer.close(batch));
  return {};
}

std::vector<std::string> time_zone_findings(const std::filesystem::path& file) {
  const auto data = table::Dataset::open(file);
  if (!data) return {data.error().message()};
  const bool ours = data->has("polygon_id");
  const char* geometry = data->has("geom") ? "geom" : "geometry";
  for (const std::string_view column : {"tzid", ours ? "polygon_id" : "country_iso", geometry}) {
    if (!data->has(column)) return {"there is no column " + std::string(column)};
  }
  std::vector<std::string> findings;
  const auto rows = data->read_all({{"tzid", table::Kind::text}});
  if (!rows) return {rows.error().message()};
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < rows->rows; ++i) {
    const auto name = rows->text(0).at(i);
    if (names.insert(name).second && !is_zone(name))
      findings.push_back("row " + std::to_string(i + 1) + ": \"" + std::string(name) + "\" is not a time zone");
  }
  if (names.size() < kFewestZones) findings.push_back("only " + std::to_string(names.size()) + " time zones");
  return findings;
}

}  // namespace placewright::world
