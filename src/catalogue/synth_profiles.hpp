// The three laws behind the generator; each gives merchants in any order, ids not yet unique.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalogue/countries.hpp"
#include "catalogue/synth.hpp"
#include "hash/sha256.hpp"

namespace placewright::catalogue {

using Merchants = std::vector<SynthMerchant>;

Result<Merchants> synth_reference(const SynthOptions& options, work::Pool& pool);
Result<Merchants> synth_balanced(const SynthOptions& options, work::Pool& pool);
Result<Merchants> synth_lifelike(const SynthOptions& options, work::Pool& pool);

// First 8 bytes, big end first, of SHA-256("<ISO2>:<index>:<salt>") (spec upstream A.3).
MerchantId synth_id(std::string_view iso2, std::uint64_t index, std::string_view salt);
std::string synth_salt(SynthProfile profile);

// Places of a universe: merchant `index` of a home country, homes in the order given.
struct Universe {
  std::vector<Iso> homes;
  std::vector<std::int64_t> merchants;  // of each home
};

// make(home position, index) on the pool, for every place of the universe; merchants without outlets are left out.
Result<Merchants> make_merchants(const Universe& universe, work::Pool& pool,
                                 const std::function<SynthMerchant(std::size_t home, std::uint64_t index)>& make);

}  // namespace placewright::catalogue
