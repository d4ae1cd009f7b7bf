// What went wrong: a published code, a sentence for the reader, and the facts that belong in the log record.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"

namespace placewright {

// Exit codes of the program; part of its interface (docs/errors.md).
enum class Exit {
  fine = 0,
  failed = 1,      // bad data, no permission, a stop the reference makes too
  wrong_use = 2,   // the command line asks for something that does not exist
  wanting = 3,     // checked and found wanting
  infeasible = 4,  // the request cannot be met (no habitable tile, sums overflow)
  resource = 5,    // disk, quota or memory; a retry may help
  sealed = 6,      // a sealed target exists with other content
  defect = 70,     // a mistake of ours
};

// JSON text of one value, as it appears in a failure record.
std::string json_text(std::string_view text);
std::string json_text(std::uint64_t value);
std::string json_text(std::int64_t value);
std::string json_text(double value);
std::string json_text(const std::vector<std::string>& values);
std::string json_text(const std::vector<std::uint64_t>& values);
std::string json_text(const std::vector<double>& values);
std::string json_text(const SiteKey& key);  // [merchant,"ISO",order]

class Error {
 public:
  // `code` is a row of the code table (base/codes.hpp), which also decides the exit code.
  Error(std::string code, std::string message) : code_(std::move(code)), message_(std::move(message)) {}

  // Adds a fact to the record: with("legal_country_iso", "DE"). A later fact replaces an earlier one of that name.
  Error&& with(std::string_view name, std::string_view value) && { return add(name, json_text(value)); }
  Error&& with(std::string_view name, const char* value) && { return add(name, json_text(std::string_view(value))); }
  Error&& with(std::string_view name, const std::string& value) && { return add(name, json_text(std::string_view(value))); }
  Error&& with(std::string_view name, Iso value) && { return add(name, json_text(std::string_view(value.text()))); }
  Error&& with(std::string_view name, bool value) && { return add(name, value ? "true" : "false"); }
  Error&& with(std::string_view name, double value) && { return add(name, json_text(value)); }
  template <std::unsigned_integral I>
  Error&& with(std::string_view name, I value) && {
    return add(name, json_text(static_cast<std::uint64_t>(value)));
  }
  template <std::signed_integral I>
  Error&& with(std::string_view name, I value) && {
    return add(name, json_text(static_cast<std::int64_t>(value)));
  }
  Error&& with(std::string_view name, const std::vector<std::string>& value) && { return add(name, json_text(value)); }
  Error&& with(std::string_view name, const std::vector<std::uint64_t>& value) && { return add(name, json_text(value)); }
  Error&& with(std::string_view name, const std::vector<double>& value) && { return add(name, json_text(value)); }
  Error&& with(std::string_view name, const SiteKey& value) && { return add(name, json_text(value)); }

  // Says where: "while reading X" is put in front of the message.
  Error&& in(std::string_view place) && {
    message_ = std::string(place) + ": " + message_;
    return std::move(*this);
  }
  // The same failure under a code of the caller's own.
  Error&& as(std::string code) && {
    code_ = std::move(code);
    return std::move(*this);
  }

  const std::string& code() const { return code_; }
  const std::string& message() const { return message_; }
  // Pairs of name and JSON text, in the order added.
  const std::vector<std::pair<std::string, std::string>>& facts() const { return facts_; }

 private:
  Error&& add(std::string_view name, std::string json);

  std::string code_;
  std::string message_;
  std::vector<std::pair<std::string, std::string>> facts_;
};

}  // namespace placewright
