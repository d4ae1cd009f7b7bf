// What S6 counts while it places, and the report made of it (spec S5-S6 §4.10).
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "datasets/events.hpp"
#include "states/s6_jitter/place.hpp"
#include "store/publish.hpp"

namespace placewright::states::s6_jitter {

struct Tally {
  struct Country {
    std::uint64_t sites = 0, attempts = 0;
  };
  std::uint64_t sites = 0, events = 0;
  std::map<std::int32_t, std::uint64_t> attempts;  // sites by number of attempts
  std::array<std::uint64_t, 4> components{};       // accepted sites by rng::Component
  std::map<Iso, Country> countries;

  void add(Iso country, const Placed& placed);
  void add(const Tally& more);
};

struct Measured {
  double wall_seconds = 0, cpu_seconds = 0;
  std::uint64_t bytes_read_index = 0, countries_loaded = 0;
};

Json report_of(const RunIdentity& identity, const contracts::PolicyS6& policy, const Tally& tally,
               const store::Published& published, const Measured& measured);

}  // namespace placewright::states::s6_jitter
