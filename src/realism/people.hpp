// Sites against the population raster.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "realism/frame.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

struct PeopleFit {
  Iso country;
  std::uint64_t sites = 0, cells = 0;
  double correlation = 0;  // Pearson, of sites and people on cells of 50 km that hold either
};
struct People {
  double alone_share = 0;       // sites with nobody within 5 km
  std::vector<PeopleFit> fits;  // countries with at least 500 sites and 20 cells, most sites first
};

// The raster is read once, a strip of rows at a time. No raster in the run's roots: nullopt and `why`.
Result<std::optional<People>> read_people(const store::RunFolder& run, const Frame& frame, work::Pool& pool,
                                          std::string& why);

}  // namespace placewright::realism
