// How a run publishes its tables and events, as the receipts of its states tell it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "states/context.hpp"

namespace placewright::pipeline {

struct Forms {
  std::string publish, events, predicate;  // the words of the command line
};

std::string text_of(const states::Context& context);  // the three words, as receipts have them
// Of S1's receipt; nothing where a run has none, as those of other programs.
std::optional<Forms> published_forms(const std::filesystem::path& run_root);

}  // namespace placewright::pipeline
