// Lines of a reference run log: "YYYY-MM-DD HH:MM:SS,mmm [LEVEL] logger: text".
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace placewright::lanes {

struct LogLine {
  double seconds = 0;  // since 1970
  std::string stamp;   // as the artefacts write it: 2026-11-23T20:20:09.501000
  std::string text;    // the whole line
};

Result<std::vector<LogLine>> read_run_log(const std::filesystem::path& file);

struct StateSpan {
  int state = 0;
  double start = 0, end = 0;
  std::string start_stamp, end_stamp;
  double seconds() const;  // whole milliseconds, without the noise of a difference of large numbers
};
// From the first line of the state's own logger to its last "complete" line; absent when either is missing.
std::optional<StateSpan> span_of(const std::vector<LogLine>& lines, int state);

// Number after `key` in `text`, e.g. number_after(line, "delta="); absent when there is none.
std::optional<double> number_after(const std::string& text, const std::string& key);
double exact_seconds(double difference);

}  // namespace placewright::lanes
