#include "catalogue/draws.hpp"

#include <algorithm>
#include <cmath>

#include "base/steady.hpp"
#include "rng/streams.hpp"

namespace placewright::catalogue {

hash::Digest synth_master(std::string_view scope, std::uint64_t seed) {
  return hash::sha256(hash::uer("mlr:1A.master") + hash::raw(hash::sha256(scope)) + hash::le64(seed));
}

Draws::Draws(const hash::Digest& master, std::string_view label, MerchantId merchant) {
  const auto digest = hash::sha256(hash::raw(master) + hash::uer("mlr:1A") + hash::uer(label) +
                                   hash::le64(rng::merchant_word(merchant)));
  const auto stream = rng::stream_from(digest);
  key_ = stream.key;
  counter_ = stream.base;
}

rng::Block Draws::block() {
  const auto out = rng::philox(counter_, key_);
  counter_ = counter_ + 1;
  return out;
}

double Draws::uniform() { return rng::u01(block().x0); }

double Draws::normal() {
  const auto pair = block();
  return std::sqrt(-2 * steady::log(rng::u01(pair.x0))) * steady::cos_turn(rng::u01(pair.x1));
}

double Draws::gamma(int shape) {
  double product = 1;
  for (int i = 0; i < shape; ++i) product *= uniform();
  return -steady::log(product);
}

std::int64_t Draws::poisson(double mean) {
  std::int64_t count = 0;
  while (mean > 0) {
    // A sum of Poisson numbers is one of the summed mean, which keeps exp() away from the smallest doubles.
    const double piece = mean > 500 ? 500 : mean;
    const double limit = steady::exp(-piece);
    double product = uniform();
    while (product > limit) {
      ++count;
      product *= uniform();
    }
    mean -= piece;
  }
  return count;
}

std::size_t Draws::below(std::size_t n) {
  // uniform() < 1, but its product with n may round up to n.
  return std::min(n - 1, static_cast<std::size_t>(uniform() * static_cast<double>(n)));
}

}  // namespace placewright::catalogue
