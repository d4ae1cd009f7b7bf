// Generated catalogues: every draw is keyed by who draws, so one seed gives one catalogue on every machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/pack.hpp"
#include "work/pool.hpp"

namespace placewright::catalogue {

enum class SynthProfile {
  reference,  // the home countries and the law of counts of the reference engine's large run (spec upstream A.7, A.8)
  balanced,   // flattened: capped log-normal over 230 countries or more, a fifth in the south (spec realism §6.4)
  lifelike,   // merchants follow people and income, most have one site, chains spread from home to the neighbours
};
std::optional<SynthProfile> parse_synth_profile(std::string_view text);

struct SynthOptions {
  SynthProfile profile = SynthProfile::lifelike;
  std::uint64_t seed = 42;
  std::uint64_t outlets = 0;    // wanted, about; 0: the profile's own size
  std::uint64_t merchants = 0;  // of the universe; 0: as many as `outlets` asks for
  bool include_singles = false; // reference only: also the merchants of one site, which the reference leaves out
};

struct SynthMerchant {
  MerchantId id = 0;
  Iso home;
  std::vector<CountryOutlets> countries;  // ascending by code
};

struct SynthReport {
  std::uint64_t merchants = 0, pairs = 0, outlets = 0, countries = 0;
  std::string pack_digest;  // empty for CSV
};

// All merchants ascending by id. IMP_SYNTH when the size is out of range.
Result<std::vector<SynthMerchant>> synthesise(const SynthOptions& options, work::Pool& pool);

// As a pack, or as count rows when `out` ends in .csv.
Result<SynthReport> synth(const SynthOptions& options, const std::filesystem::path& out, work::Pool& pool);

}  // namespace placewright::catalogue
