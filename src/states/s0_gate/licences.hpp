// Is every licence that the dictionary names explained by the licence map, with its text?
#pragma once

#include <string>

#include "datasets/input_files.hpp"
#include "store/run_folder.hpp"

namespace placewright::states::s0_gate {

// Empty when covered, else what is missing. `map` is the input license_map. A text is looked for below every root, beside
// the map, and among those compiled in.
std::string licence_gap(const store::RunFolder& run, const datasets::Input& map);

}  // namespace placewright::states::s0_gate
