// The consumer gate of spec S7-S9 §5: no PASS, no read.
#pragma once

#include "verify/subject.hpp"

namespace placewright::verify {

// Steps 1 to 7 on a bundle folder. Findings E908, E909, E910, E905.
Result<void> check_bundle(Subject& subject, const store::fs::path& bundle);
// Digest that the flag must hold: all files the index lists, in byte order of their paths.
Result<std::string> bundle_digest(const store::fs::path& bundle);
// Step 8: the bundle names this run, and site_locations holds exactly the files it certifies. Findings E912, E905.
Result<void> check_egress_binding(Subject& subject, const store::fs::path& bundle);

}  // namespace placewright::verify
