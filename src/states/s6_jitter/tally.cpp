#include "states/s6_jitter/tally.hpp"

#include "report/log.hpp"

namespace placewright::states::s6_jitter {

void Tally::add(Iso country, const Placed& placed) {
  const auto tries = static_cast<std::uint64_t>(placed.attempts);
  ++sites;
  events += tries;
  ++attempts[placed.attempts];
  ++components[static_cast<std::size_t>(placed.component)];
  auto& of_country = countries[country];
  ++of_country.sites;
  of_country.attempts += tries;
}

void Tally::add(const Tally& more) {
  sites += more.sites;
  events += more.events;
  for (const auto& [count, n] : more.attempts) attempts[count] += n;
  for (std::size_t i = 0; i < components.size(); ++i) components[i] += more.components[i];
  for (const auto& [iso, country] : more.countries) {
    countries[iso].sites += country.sites;
    countries[iso].attempts += country.attempts;
  }
}

Json report_of(const RunIdentity& id, const contracts::PolicyS6& policy, const Tally& tally,
               const store::Published& published, const Measured& measured) {
  Json histogram = Json::object(), components = Json::object(), shares = Json::object(), by_country = Json::object();
  for (const auto& [count, sites] : tally.attempts) histogram[std::to_string(count)] = sites;
  for (std::size_t i = 0; i < tally.components.size(); ++i) {
    const auto sites = tally.components[i];
    components[rng::kComponentNames[i]] = sites;
    shares[rng::kComponentNames[i]] =
        tally.sites == 0 ? 0.0 : static_cast<double>(sites) / static_cast<double>(tally.sites);
  }
  for (const auto& [iso, country] : tally.countries) {
    by_country[iso.text()] = {
        {"sites", country.sites}, {"attempts", country.attempts}, {"resamples", country.attempts - country.sites}};
  }
  return {{"seed", id.seed},
          {"manifest_fingerprint", id.manifest_fingerprint},
          {"parameter_hash", id.parameter_hash},
          {"run_id", id.run_id},
          {"jitter_policy", contracts::echo(policy)},
          {"counts",
           {{"sites_total", tally.sites},
            {"resamples_total", tally.events - tally.sites},
            {"rng",
             {{"events_total", tally.events},
              {"blocks_total", tally.events},
              {"draws_total", std::to_string(2 * tally.events)}}}}},
          {"attempt_histogram", histogram},
          {"component_histogram", components},
          {"component_share", shares},
          {"by_country", by_country},
          {"determinism_receipt", store::determinism_receipt(published)},
          {"pat",
           {{"rows_emitted", tally.sites},
            {"rng_events_emitted", tally.events},
            {"bytes_read_index_total", measured.bytes_read_index},
            {"cache_hits", 0},
            {"cache_misses", measured.countries_loaded},
            {"cache_evictions", 0},
            {"wall_clock_seconds_total", measured.wall_seconds},
            {"cpu_seconds_total", measured.cpu_seconds},
            {"open_files_peak", report::open_files()},
            {"open_files_metric", "open_files"}}}};
}

}  // namespace placewright::states::s6_jitter
