// Numbers and text without a locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placewright {

// Shortest digits that round-trip, laid out as Python's repr lays them out. `out` is appended to.
void append_double(std::string& out, double value);
std::string double_text(double value);

// Decimal digits only: no sign, no blank, no overflow.
std::optional<std::uint64_t> parse_u64(std::string_view text);
std::optional<std::int64_t> parse_i64(std::string_view text);  // a leading '-' is allowed
std::optional<double> parse_double(std::string_view text);

std::string_view trim(std::string_view text);  // ASCII white space
std::string upper(std::string_view text);      // ASCII letters
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool is_hex(std::string_view text, std::size_t digits);  // lower case, exactly that many
bool is_utf8(std::string_view text);

// "1 234 567" for people; never for data.
std::string grouped(std::uint64_t value);
std::string bytes_text(std::uint64_t bytes);  // "12.3 MiB"

}  // namespace placewright
