// The upstream validation bundle: what S0 checks before it reads an outlet (spec upstream A.6).
#pragma once

#include <map>
#include <string>

#include "catalogue/identity.hpp"
#include "catalogue/pack.hpp"

namespace placewright::catalogue {

struct OutletFiles {
  std::vector<PackFile> files;    // of the outlet_catalogue partition, by name
  std::string composite_sha256;   // of all their bytes
};

// File name -> content, `_passed.flag` included.
using Bundle = std::map<std::string, std::string>;

Bundle make_bundle(const Pack& pack, const IdentityInputs& inputs, const RunIdentity& identity, const OutletFiles& outlets);

}  // namespace placewright::catalogue
