// Has a country collapsed to a stripe or corridor? As the reference asks (raw degrees, top ten), and as it should be
// asked (every country with 50 sites, unwrapped longitudes, true proportions, against the country's own land).
#pragma once

#include <map>
#include <vector>

#include "realism/frame.hpp"

namespace placewright::realism {

constexpr std::uint64_t kSentinelTop = 10, kSentinelMinSites = 50;

struct Shape {
  double anisotropy = 0, linearity = 0;  // infinite and 1 for points on a line
};
struct SentinelRow {
  Iso country;
  std::uint64_t sites = 0;
  bool enough = false;  // kSentinelMinSites; otherwise nothing below is set
  Shape shape;
  double lat_unique = 0, lon_unique = 0;  // distinct values at 4 decimals / sites
  bool flagged = false;
};
// The ten countries with most sites.
std::vector<SentinelRow> legacy_sentinel(const Frame& frame, const std::vector<CountryCount>& counts);

// Second moments of weighted points, as a country's tiles are summed.
class Moments {
 public:
  void add(double x, double y, double weight = 1);
  bool empty() const { return weight_ == 0; }
  Shape shape() const;

 private:
  double weight_ = 0, x_ = 0, y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
};

// A country's own land in the plane the sentinel uses (of runs placed by mass: the land where outlets may be expected),
// and how many latitudes and longitudes its tiles offer.
struct Land {
  Shape shape;
  double lat_steps = 0,
         lon_steps = 0;          // steps of 1e-4 degrees in the union of the assigned tiles' intervals; 0: unknown
  double longest_by_chance = 0;  // greatest anisotropy of 200 samples of as many points of that land; 0: not looked at
};

struct CountryShape {
  Iso country;
  std::uint64_t sites = 0;
  Shape shape, land;  // land: zeros when unknown
  double anisotropy_limit =
      12;  // of the country: the greatest of 12, 2 times its land's and 1.25 times what chance makes
  double lat_unique = 0, lon_unique = 0;
  double lat_limit = 0.15, lon_limit = 0.15;  // the lesser of 0.15 and half of what the tiles can give
  double lat_ceiling = 1, lon_ceiling = 1;    // min(1, D/n)
  bool unreachable = false;                   // the reference's 0.15 is out of reach: n > D/0.15
  bool flagged = false;
};
// Every country with at least kSentinelMinSites, most sites first.
std::vector<CountryShape> sentinel(const Frame& frame, const std::map<Iso, Land>& land);

}  // namespace placewright::realism
