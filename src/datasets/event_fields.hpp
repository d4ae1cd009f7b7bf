// Names of the fields of event and trace lines, and which a line of each kind must have.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "datasets/event_line.hpp"

namespace placewright::datasets {

namespace field {

enum LogField : int {
  ts_utc,
  run_id,
  seed,
  parameter_hash,
  manifest_fingerprint,
  module_name,
  substream_label,
  before_hi,
  before_lo,
  after_hi,
  after_lo,
  draws,
  blocks,
  merchant_id,
  legal_country_iso,
  site_order,
  tile_id,
  uniform,
  delta_lat,
  delta_lon,
  sigma_lat,
  sigma_lon,
  draws_total,
  blocks_total,
  events_total,
  log_field_count
};

}  // namespace field
using field::LogField;

inline constexpr std::array<std::string_view, field::log_field_count> kLogFields = {"ts_utc",
                                                                                    "run_id",
                                                                                    "seed",
                                                                                    "parameter_hash",
                                                                                    "manifest_fingerprint",
                                                                                    "module",
                                                                                    "substream_label",
                                                                                    "rng_counter_before_hi",
                                                                                    "rng_counter_before_lo",
                                                                                    "rng_counter_after_hi",
                                                                                    "rng_counter_after_lo",
                                                                                    "draws",
                                                                                    "blocks",
                                                                                    "merchant_id",
                                                                                    "legal_country_iso",
                                                                                    "site_order",
                                                                                    "tile_id",
                                                                                    "u",
                                                                                    "delta_lat_deg",
                                                                                    "delta_lon_deg",
                                                                                    "sigma_lat_deg",
                                                                                    "sigma_lon_deg",
                                                                                    "draws_total",
                                                                                    "blocks_total",
                                                                                    "events_total"};

constexpr std::uint32_t fields_between(LogField first, LogField last) {
  return (std::uint32_t{2} << last) - (std::uint32_t{1} << first);
}

// Required fields; no other is allowed, but for `detail` in a trace line.
constexpr std::uint32_t required_fields(LineKind kind) {
  using namespace field;
  switch (kind) {
    case LineKind::assignment:
      return fields_between(ts_utc, uniform);
    case LineKind::jitter:
      return fields_between(ts_utc, site_order) | fields_between(delta_lat, sigma_lon);
    case LineKind::trace:
      break;
  }
  return fields_between(ts_utc, seed) | fields_between(module_name, after_lo) |
         fields_between(draws_total, events_total);
}

}  // namespace placewright::datasets
