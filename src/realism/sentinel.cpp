#include "realism/sentinel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "realism/svg.hpp"

namespace placewright::realism {
namespace {

constexpr double kSmallest = 1e-12;

// Eigenvalues of [[xx, xy], [xy, yy]] in closed form.
Shape shape_of(double xx, double yy, double xy) {
  const double middle = (xx + yy) / 2;
  const double half = (xx - yy) / 2;
  const double root = std::sqrt(half * half + xy * xy);
  const double high = std::max(0.0, middle + root), low = std::max(0.0, middle - root);
  if (low <= kSmallest) return {std::numeric_limits<double>::infinity(), 1};
  return {std::sqrt(high / low), high / (high + low)};
}

Shape sample_shape(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mean_x += x[i], mean_y += y[i];
  mean_x /= n, mean_y /= n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return shape_of(xx / (n - 1), yy / (n - 1), xy / (n - 1));
}

// Distinct values at four decimals, halves to even, over the number of values.
double unique_share(std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  for (auto& value : values) value = std::nearbyint(value * 1e4);
  std::ranges::sort(values);
  return static_cast<double>(std::unique(values.begin(), values.end()) - values.begin()) / n;
}

struct Coordinates {
  std::vector<double> lon, lat;
};
Coordinates of(const Frame& frame, const std::vector<std::uint32_t>& rows) {
  Coordinates out;
  for (const auto row : rows) out.lon.push_back(frame.lon[row]), out.lat.push_back(frame.lat[row]);
  return out;
}

SentinelRow legacy_row(const CountryCount& count, const Coordinates& at) {
  SentinelRow row{count.country, count.sites, count.sites >= kSentinelMinSites, {}, 0, 0, false};
  if (!row.enough) return row;
  row.shape = sample_shape(at.lon, at.lat);
  row.lat_unique = unique_share(at.lat);
  row.lon_unique = unique_share(at.lon);
  row.flagged =
      (row.shape.anisotropy > 12 && row.shape.linearity > 0.98) || row.lat_unique < 0.15 || row.lon_unique < 0.15;
  return row;
}

// Longitudes from the western end of the shortest arc, shrunk by the cosine of the middle latitude.
std::vector<double> eastings(const Coordinates& at) {
  const double west = longitude_span(at.lon).first;
  const auto [low, high] = std::ranges::minmax(at.lat);
  const double scale = std::cos((low + high) / 2 * (std::numbers::pi / 180));
  std::vector<double> x;
  for (const double lon : at.lon) x.push_back((lon < west ? lon + 360 - west : lon - west) * scale);
  return x;
}

void judge(CountryShape& row, const Land* land) {
  const auto n = static_cast<double>(row.sites);
  if (land) {
    row.land = land->shape;
    if (std::isfinite(land->shape.anisotropy))
      row.anisotropy_limit = std::max({12.0, 2 * land->shape.anisotropy, 1.25 * land->longest_by_chance});
    if (land->lat_steps > 0) row.lat_ceiling = std::min(1.0, land->lat_steps / n);
    if (land->lon_steps > 0) row.lon_ceiling = std::min(1.0, land->lon_steps / n);
  }
  row.unreachable = row.lat_ceiling < 0.15 || row.lon_ceiling < 0.15;
  row.lat_limit = std::min(0.15, row.lat_ceiling / 2);
  row.lon_limit = std::min(0.15, row.lon_ceiling / 2);
  row.flagged =
      row.shape.anisotropy > row.anisotropy_limit || row.lat_unique < row.lat_limit || row.lon_unique < row.lon_limit;
}

}  // namespace

std::vector<SentinelRow> legacy_sentinel(const Frame& frame, const std::vector<CountryCount>& counts) {
  const auto rows = rows_by_country(frame);
  std::vector<SentinelRow> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(kSentinelTop, counts.size()); ++i) {
    out.push_back(legacy_row(counts[i], of(frame, rows.at(counts[i].country))));
  }
  return out;
}

void Moments::add(double x, double y, double weight) {
  weight_ += weight;
  x_ += weight * x;
  y_ += weight * y;
  xx_ += weight * x * x;
  yy_ += weight * y * y;
  xy_ += weight * x * y;
}

Shape Moments::shape() const {
  const double x = x_ / weight_, y = y_ / weight_;
  return shape_of(xx_ / weight_ - x * x, yy_ / weight_ - y * y, xy_ / weight_ - x * y);
}

std::vector<CountryShape> sentinel(const Frame& frame, const std::map<Iso, Land>& land) {
  std::vector<CountryShape> out;
  for (const auto& [country, rows] : rows_by_country(frame)) {
    if (rows.size() < kSentinelMinSites) continue;
    const auto at = of(frame, rows);
    CountryShape row;
    row.country = country;
    row.sites = rows.size();
    row.shape = sample_shape(eastings(at), at.lat);
    row.lat_unique = unique_share(at.lat);
    row.lon_unique = unique_share(at.lon);
    const auto known = land.find(country);
    judge(row, known == land.end() ? nullptr : &known->second);
    out.push_back(row);
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.sites > b.sites; });
  return out;
}

}  // namespace placewright::realism
