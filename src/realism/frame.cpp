#include "realism/frame.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <optional>

#include "base/text.hpp"
#include "table/table.hpp"

namespace placewright::realism {
namespace {

namespace fs = std::filesystem;

Result<void> check_finite(const Frame& frame, std::string_view source) {
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (std::isfinite(frame.lon[i]) && std::isfinite(frame.lat[i])) continue;
    return Error("RS08_NONFINITE",
                 std::string(source) + ", row " + std::to_string(i + 1) + ": a coordinate is not finite");
  }
  return {};
}

Result<Frame> read_group(const table::Dataset& data, std::size_t group, const table::Schema& schema) {
  PW_TRY(auto batch, data.read(group, schema));
  Frame frame;
  PW_TRY(frame.country, table::isos(batch.text(2), schema[2].name));
  frame.lon = std::move(std::get<std::vector<double>>(batch.columns[0]));
  frame.lat = std::move(std::get<std::vector<double>>(batch.columns[1]));
  if (schema.size() > 3)
    frame.merchant = std::move(std::get<std::vector<std::uint64_t>>(batch.columns[3]));
  else
    frame.merchant.assign(batch.rows, 0);
  return frame;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string_view line_of(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// Positions of longitude, latitude, country and, if there is one, merchant.
struct Header {
  std::size_t lon, lat, country, fields;
  std::optional<std::size_t> merchant;
};

Result<Header> parse_header(std::string_view line, std::string_view source) {
  const auto names = split(line, ',');
  const auto at = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional<std::size_t>(found - names.begin());
  };
  auto country = at("legal_country_iso");
  if (!country) country = at("country_iso");
  if (!at("lon_deg") || !at("lat_deg") || !country) {
    return Error("PW_INPUT", std::string(source) +
                                 ", row 1: needs the columns country_iso (or legal_country_iso), lon_deg and lat_deg");
  }
  return Header{*at("lon_deg"), *at("lat_deg"), *country, names.size(), at("merchant_id")};
}

}  // namespace

void Frame::push(const Frame& from, std::size_t row) {
  lon.push_back(from.lon[row]);
  lat.push_back(from.lat[row]);
  merchant.push_back(from.merchant[row]);
  country.push_back(from.country[row]);
}

Result<Frame> read_frame(const fs::path& sites, work::Pool& pool) {
  auto data = table::Dataset::open(sites);
  if (!data)
    return std::move(data)
        .error()
        .as("RS02_SURFACE_MISSING")
        .with("dataset", "site_locations")
        .with("path", sites.string());
  const bool legal = data->has("legal_country_iso");
  table::Schema schema = {{"lon_deg", table::Kind::f64},
                          {"lat_deg", table::Kind::f64},
                          {legal ? "legal_country_iso" : "country_iso", table::Kind::text}};
  if (data->has("merchant_id")) schema.push_back({"merchant_id", table::Kind::u64});
  Frame all;
  PW_CHECK(work::ordered<Frame>(
      pool, data->groups(), [&](std::size_t group) { return read_group(*data, group, schema); },
      [&](std::size_t, Frame&& part) -> Result<void> {
        append(all.lon, part.lon);
        append(all.lat, part.lat);
        append(all.merchant, part.merchant);
        append(all.country, part.country);
        return {};
      }));
  PW_CHECK(check_finite(all, sites.string()));
  return all;
}

Result<Frame> parse_frame(std::string_view csv, std::string_view source) {
  PW_TRY(const auto header, parse_header(line_of(csv), source));
  Frame frame;
  for (std::size_t row = 2; !csv.empty(); ++row) {
    const auto line = line_of(csv);
    if (line.empty()) continue;
    const auto fields = split(line, ',');
    const auto bad = [&](std::string_view what) {
      return Error("PW_INPUT", std::string(source) + ", row " + std::to_string(row) + ": " + std::string(what));
    };
    if (fields.size() != header.fields)
      return bad("has " + std::to_string(fields.size()) + " fields, not " + std::to_string(header.fields));
    const auto lon = parse_double(fields[header.lon]);
    const auto lat = parse_double(fields[header.lat]);
    const auto country = Iso::parse(fields[header.country]);
    const auto merchant = header.merchant ? parse_u64(fields[*header.merchant]) : std::optional<std::uint64_t>(0);
    if (!lon || !lat) return bad("lon_deg or lat_deg is not a number");
    if (!country) return bad("country_iso is not two letters: " + fields[header.country]);
    if (!merchant) return bad("merchant_id is not a number: " + fields[*header.merchant]);
    frame.lon.push_back(*lon);
    frame.lat.push_back(*lat);
    frame.country.push_back(*country);
    frame.merchant.push_back(*merchant);
  }
  PW_CHECK(check_finite(frame, source));
  return frame;
}

Frame without(const Frame& frame, const std::vector<Iso>& dropped) {
  Frame kept;
  for (std::size_t row = 0; row < frame.size(); ++row) {
    if (std::ranges::find(dropped, frame.country[row]) == dropped.end()) kept.push(frame, row);
  }
  return kept;
}

std::map<Iso, std::vector<std::uint32_t>> rows_by_country(const Frame& frame) {
  std::map<Iso, std::vector<std::uint32_t>> rows;
  for (std::size_t row = 0; row < frame.size(); ++row)
    rows[frame.country[row]].push_back(static_cast<std::uint32_t>(row));
  return rows;
}

std::vector<CountryCount> by_count(const Frame& frame) {
  std::vector<std::uint64_t> sites(65536);
  for (const auto country : frame.country) ++sites[country.packed()];
  std::vector<CountryCount> counts;
  for (const auto country : frame.country) {
    if (auto& n = sites[country.packed()]; n > 0) counts.push_back({country, std::exchange(n, 0)});
  }
  std::ranges::sort(counts, [](const CountryCount& a, const CountryCount& b) {
    return a.sites != b.sites ? a.sites > b.sites : a.country < b.country;
  });
  return counts;
}

namespace {
Point on_sphere_at(double lon_deg, double lat_deg, double scale) {
  const double lon = lon_deg * (std::numbers::pi / 180);
  const double lat = lat_deg * (std::numbers::pi / 180);
  return {scale * (std::cos(lat) * std::cos(lon)), scale * (std::cos(lat) * std::sin(lon)), scale * std::sin(lat)};
}
}  // namespace

std::vector<Point> on_sphere(const Frame& frame, double scale) {
  std::vector<Point> points(frame.size());
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = on_sphere_at(frame.lon[i], frame.lat[i], scale);
  return points;
}

std::vector<Point> on_sphere(const Frame& frame, const std::vector<std::uint32_t>& rows, double scale) {
  std::vector<Point> points(rows.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = on_sphere_at(frame.lon[rows[i]], frame.lat[rows[i]], scale);
  return points;
}

}  // namespace placewright::realism
