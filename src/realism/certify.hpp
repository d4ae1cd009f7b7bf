// A certificate over runs of several seeds (spec scoring §3.9).
#pragma once

#include <array>
#include <filesystem>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "realism/bootstrap.hpp"
#include "realism/gates.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

constexpr std::array<std::uint64_t, 4> kRequiredSeeds = {42, 7, 101, 202};

struct CertifyOptions {
  std::vector<std::filesystem::path> runs;
  std::filesystem::path baseline;  // run folder; empty: the recorded neighbour ratio, and no comparison with a baseline
  std::size_t replicates = kReplicates;
};

struct Certificate {
  Json card;  // segment1b_p5_certification.json
  Level level = Level::below_b;
};

// A run that cannot be read fails its seed, and a seed without a run is missing; neither is an Error.
Result<Certificate> certify(const CertifyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool);

}  // namespace placewright::realism
