// Numbers of a merchant's own, keyed by profile, seed, purpose and merchant (spec upstream A.3, A.8).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.hpp"
#include "hash/sha256.hpp"
#include "rng/philox.hpp"

namespace placewright::catalogue {

// SHA-256(uer("mlr:1A.master") || SHA-256(scope) || LE64(seed)): the scope stands where a run has its parameter hash.
hash::Digest synth_master(std::string_view scope, std::uint64_t seed);

class Draws {
 public:
  Draws(const hash::Digest& master, std::string_view label, MerchantId merchant);

  double uniform();                             // inside (0, 1); one block
  double normal();                              // Box-Muller; one block
  double gamma(int shape);                      // of whole shape, scale 1; `shape` blocks
  std::int64_t poisson(double mean);            // by product inversion, in pieces of at most 500
  std::size_t below(std::size_t n);             // 0 .. n-1; one block

 private:
  rng::Block block();

  std::uint64_t key_ = 0;
  rng::Counter counter_;
};

}  // namespace placewright::catalogue
