#include "command.hpp"

#include <cstdio>

#include "base/text.hpp"

namespace placewright::cli {

int fail(const Status& status) {
  const auto text = "placewright: " + (status.code.empty() ? "" : status.code + ": ") + status.message + "\n";
  std::fputs(text.c_str(), stderr);
  return status.exit_code;
}

void add_json(CLI::App& verb, bool& json) { verb.add_flag("--json", json, "Print the result as one JSON object"); }

void print(const std::string& line) { std::puts(line.c_str()); }

void print_json(const Json& json) { std::puts(json.dump(1).c_str()); }

std::string parse_size(const std::string& text, std::uint64_t& bytes) {
  const auto at = text.find_first_not_of("0123456789");
  const auto number = parse_u64(text.substr(0, at));
  const auto unit = at == std::string::npos ? std::string() : text.substr(at);
  const int shift = unit.empty() || unit == "B"      ? 0
                    : unit == "KiB" || unit == "K" ? 10
                    : unit == "MiB" || unit == "M" ? 20
                    : unit == "GiB" || unit == "G" ? 30
                                                   : -1;
  if (!number || shift < 0 || *number > (UINT64_MAX >> shift)) return "a size such as 4GiB or 512MiB";
  bytes = *number << shift;
  return {};
}

}  // namespace placewright::cli
