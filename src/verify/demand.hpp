// Demand: what the catalogue asks for is what the allocation grants.
#pragma once

#include <vector>

#include "verify/subject.hpp"

namespace placewright::verify {

struct Pair {
  MerchantId merchant = 0;
  Iso country;
  std::uint64_t sites = 0;             // demand
  std::uint64_t first_site = 0;        // row of its first site in S5 to S8
  std::uint64_t first_allocation = 0;  // its rows in s4_alloc_plan
  std::uint64_t allocations = 0;
};

// Pairs of s3_requirements in order. Findings VER_ORDER.
Result<std::vector<Pair>> read_demand(Subject& subject);
// Outlets of each pair, less denylisted countries, equal its demand: VER_DEMAND.
Result<void> check_catalogue(Subject& subject, const std::vector<Pair>& pairs);
// Allocations of each pair are positive, ascend by tile, and sum to its demand: VER_ALLOCATION. Fills in where they
// lie.
Result<void> check_allocation(Subject& subject, std::vector<Pair>& pairs);

}  // namespace placewright::verify
