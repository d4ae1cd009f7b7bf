// One event or trace row as the line its log holds (spec S5-S6 §1.7 to §1.10): keys, order and separators differ
// between the two families.
#pragma once

#include <string>
#include <string_view>

#include "datasets/events.hpp"

namespace placewright::datasets {

class EventText {
 public:
  EventText(const RunIdentity& identity, std::string_view time);

  // Appends one line with its LF. `number` counts the family's events from 1.
  void event(std::string& out, const AssignmentEvent& e) const;
  void event(std::string& out, const JitterEvent& e) const;
  void trace(std::string& out, const AssignmentEvent& e, std::uint64_t number) const;
  void trace(std::string& out, const JitterEvent& e, std::uint64_t number) const;

 private:
  std::string assignment_head_, assignment_middle_, assignment_trace_head_;
  std::string jitter_identity_, jitter_module_, jitter_run_, jitter_tail_, trace_module_;
};

}  // namespace placewright::datasets
