// One run of a certificate: its grade, bootstrap intervals, structure and region floors, and the levels it passes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "realism/certify.hpp"
#include "realism/grade.hpp"
#include "realism/regions.hpp"

namespace placewright::realism {

struct Seed {
  std::uint64_t seed = 0;
  std::string run_id;
  Grade grade;
  std::array<Interval, 4> intervals;
  Json structural, floors, policies, soft;
  std::array<bool, 2> pass{};  // B, B+
};

// Fails with the code of what cannot be read or graded.
Result<Seed> judge(const std::filesystem::path& root, const CertifyOptions& options,
                   const std::optional<Grade>& baseline, const Regions& regions,
                   const contracts::Dictionary& dictionary, work::Pool& pool);

Json seed_json(const Seed& seed);

// Appends {seed, gate, level, observed, limit} for whatever the seed fails.
void add_failures(const Seed& seed, Json& failing);

}  // namespace placewright::realism
