// What a change makes stale: the rerun matrix (spec realism §4.3) as data.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace placewright::lanes {

inline constexpr int kStates = 10;

struct Reading {
  std::string_view input;  // id in the seal
  int first_state;         // the first that reads it; S1 where the answer is "everything"
};
std::span<const Reading> readings();

// First state that has to run again; S1 for an input the matrix does not know, kStates when nothing changed.
int first_stale(const std::vector<std::string>& changed);

std::string state_name(int state);                // "S4"
Result<int> state_number(std::string_view name);  // PW_USAGE unless S1 .. S9

// The report of a state, which goes with its tables; empty for S9.
std::string_view report_of(int state);

}  // namespace placewright::lanes
