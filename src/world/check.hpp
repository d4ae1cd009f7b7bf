// Looking at a world that is there: what it holds, and whether it is still what it says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "work/pool.hpp"
#include "world/build.hpp"

namespace placewright::world {

struct CheckReport {
  Facts facts;
  std::vector<std::string> findings;  // empty: nothing wrong; each names the file
  std::vector<std::string> notes;     // worth knowing, not wrong
  std::vector<std::string> warnings;  // see warnings.hpp
};

// From the world's own records and file sizes; nothing is re-computed. PW_INPUT when `folder` is no world of ours.
Result<Facts> show(const std::filesystem::path& folder);

// Every SHA256SUMS below `folder`, line by line: files that are missing or differ, and files that no list names.
Result<std::vector<std::string>> check_digests(const std::filesystem::path& folder);

// check_digests, then the products: ISO rows, polygons (a valid one for each code), raster geometry, and the people of
// each country on its tiles against the table, to 0.1 per cent; the licence map and its texts, the licence of every
// product, and time zones where there are some. A folder without records of ours has its products
// checked only. An Error means that the check could not be made; what is wrong with the world is a finding.
Result<CheckReport> check(const std::filesystem::path& folder, work::Pool& pool);

}  // namespace placewright::world
