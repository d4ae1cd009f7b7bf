// Turns strings into codes, each string kept once, in order of first appearance.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "table/table.hpp"

namespace placewright::table {

class Interner {
 public:
  Interner() = default;
  // Continues a dictionary whose strings are distinct.
  explicit Interner(const std::vector<std::string>& dictionary);

  std::uint32_t code(std::string_view text);
  std::uint32_t size() const { return static_cast<std::uint32_t>(order_.size()); }
  std::vector<std::string> dictionary() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> codes_;
  std::vector<const std::string*> order_;  // keys of codes_, which stay where they are
};

}  // namespace placewright::table
