// Where each merchant stands between everyday and metropolitan.
#pragma once

#include <vector>

#include "contracts/policy_s4.hpp"
#include "hash/sha256.hpp"
#include "store/run_folder.hpp"

namespace placewright::mass {

// The orientation that the catalogue gives a merchant, else one drawn from the policy's shares by the merchant's own
// stream, so that it has one orientation everywhere.
class Orientations {
 public:
  // PW_TABLE: a value outside 0 to 1, or merchants that do not ascend.
  static Result<Orientations> open(const store::RunFolder& run, const contracts::SpatialPps& policy);
  std::size_t level_of(MerchantId merchant) const;  // the nearest of five

 private:
  std::size_t drawn(MerchantId merchant) const;

  hash::Digest master_{};
  contracts::SpatialPps policy_;
  std::vector<MerchantId> merchants_;  // ascending
  std::vector<double> given_;          // NaN: none
};

}  // namespace placewright::mass
