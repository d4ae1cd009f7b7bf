// What is doubtful in a world without being wrong (spec upstream B.9): read off its products, so that an import, a look
// and a check say the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "world/build.hpp"

namespace placewright::world {

// "CODE: sentence" each: REF_RAS_SUM, REF_RAS_POINT, REF_VEC_RESOLUTION (of a user's polygons, fewer than 150 points a
// country), REF_REGION_MISSING. The Error is a product's that cannot be read.
Result<std::vector<std::string>> warnings(const std::filesystem::path& world, const Facts& facts);

}  // namespace placewright::world
