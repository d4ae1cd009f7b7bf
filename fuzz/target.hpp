// What the fuzz targets share: laws every failure must keep, and a place for parsers that want a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/codes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace placewright::fuzz {

// A law was broken: libFuzzer keeps the input and reports the run as a crash.
[[noreturn]] inline void broken(const std::string& law) {
  std::fprintf(stderr, "LAW BROKEN: %s\n", law.c_str());
  std::abort();
}

inline void require(bool holds, const char* law) {
  if (!holds) broken(law);
}

// A failure has a code of docs/errors.md that blames the input, a sentence, and facts that are JSON.
inline void check_error(const Error& error) {
  const auto* row = find_code(error.code());
  if (row == nullptr) broken("the code " + error.code() + " is not published");
  if (row->exit == Exit::defect) broken("bad input is reported as our defect: " + error.message());
  if (error.message().empty()) broken(error.code() + " comes without a message");
  for (const auto& [name, text] : error.facts()) {
    if (!parse_json(text, name)) broken("the fact " + name + " is no JSON: " + text);
  }
}

// True for a value; a failure must keep the laws above.
template <class T>
bool good(const Result<T>& result) {
  if (result) return true;
  check_error(result.error());
  return false;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Writes `bytes` to a file of that name in this process's scratch folder; run.sh puts that into memory and removes it.
inline std::filesystem::path file_with(std::string_view bytes, const char* name) {
  const auto file = std::filesystem::temp_directory_path() / name;
  std::FILE* out = std::fopen(file.c_str(), "wb");
  if (out == nullptr) broken("cannot write " + file.string());
  if (!bytes.empty()) std::fwrite(bytes.data(), 1, bytes.size(), out);
  std::fclose(out);
  return file;
}

// Cuts the next length-prefixed part (two bytes, little end first) off an input made of several files.
inline std::string_view next_part(std::string_view& input) {
  if (input.size() < 2) return {};
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(input[0])) |
                    static_cast<std::size_t>(static_cast<unsigned char>(input[1])) << 8;
  input.remove_prefix(2);
  const auto part = input.substr(0, size);
  input.remove_prefix(part.size());
  return part;
}

}  // namespace placewright::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
