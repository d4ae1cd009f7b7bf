// The table of published failure codes: what each means, the exit code it leads to, what a user does next.
// docs/errors.md is generated from it.
#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"

namespace placewright {

struct CodeRow {
  std::string_view code;
  std::string_view area;  // "S4", "world", "run" ...
  Exit exit;
  std::string_view meaning;
  std::string_view next;  // what to do
};

std::span<const CodeRow> code_table();  // by area, then as listed
// Exit code of `code`; Exit::failed for a code that is not in the table.
Exit exit_of(std::string_view code);
const CodeRow* find_code(std::string_view code);  // nullptr when unknown
std::string errors_markdown();                    // the text of docs/errors.md

}  // namespace placewright
