// What S7 reads, checked in the order of spec S7-S9 §1.4.
#pragma once

#include <map>
#include <string>

#include "contracts/policy_s3.hpp"
#include "states/context.hpp"
#include "states/s7_synthesis/rows.hpp"
#include "states/s7_synthesis/tile_facts.hpp"

namespace placewright::states::s7_synthesis {

struct Inputs {
  std::string flag_sha256_hex;  // of the upstream bundle, as S0 recorded it
  contracts::PolicyS3 policy;
  std::string policy_path;      // as resolved
  SiteTable s5, s6, catalogue;  // the catalogue without denylisted countries
  TileFacts tiles;
};

// E711, E705, input errors, E701 and E708 on row counts.
Result<Inputs> open_inputs(Context& context);

}  // namespace placewright::states::s7_synthesis
