// Text tables of tests/vectors: one row a line, words between blanks, '#' begins a comment line.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace placewright {

inline std::vector<std::vector<std::string>> vector_rows(const std::string& name) {
  std::ifstream in(std::string(PW_TESTS) + "/vectors/" + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    auto& row = rows.emplace_back();
    for (std::string word; words >> word;) row.push_back(word);
  }
  return rows;
}

inline std::uint64_t hex_word(const std::string& text) { return std::stoull(text, nullptr, 16); }

}  // namespace placewright
