// Weights of one country to its Parquet file.
#pragma once

#include <filesystem>

#include "contracts/policy_s2.hpp"
#include "states/s2_weights/inputs.hpp"
#include "states/s2_weights/quantise.hpp"

namespace placewright::states::s2_weights {

// part-XX.parquet in `folder`: a row a tile, or a row a stretch of equal weight inside one span. Returns the rows written.
Result<std::uint64_t> write_weights(const std::filesystem::path& folder, PublishForm form, const Country& country, const Masses& masses,
                                    const Weighing& weighing, const contracts::PolicyS2& policy);

}  // namespace placewright::states::s2_weights
