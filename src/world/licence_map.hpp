// The licence map (spec upstream B.7): what each licence that a data set names permits, and where its text lies.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::world {

struct LicenceMap {
  std::string version;                       // its date
  std::map<std::string, std::string> texts;  // licence -> text_path: relative, in licenses/ or LICENSES/
  std::vector<std::string> names() const;    // ascending
};

// REF_LIC_MAP names the key or entry that is missing, unknown or of another type; REF_LIC_TEXT a text_path that leaves
// the folder of licences; REF_LIC_NAME an spdx that is not its entry's name, and the licences of the data set
// dictionary that are no key.
Result<LicenceMap> parse_licence_map(std::string_view text, std::string_view source);

// Licences that the data set dictionary and the artefact registry name, ascending.
Result<std::vector<std::string>> named_licences();

}  // namespace placewright::world
