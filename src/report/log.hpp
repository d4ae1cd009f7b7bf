// What a run says: the run log, a line per step on stderr, progress. The only folder that knows a terminal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace placewright::report {

enum class Verbosity { quiet, normal };

// Appends `YYYY-MM-DD HH:MM:SS,mmm [LEVEL] logger: message` to the run log and, unless quiet, shows the message on
// stderr. Safe from many threads. A log without a file only shows.
class Log {
 public:
  explicit Log(Verbosity verbosity);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  Result<void> open(const std::filesystem::path& file);  // appended to; PW_IO
  void logger(std::string_view name);                    // "engine.layers.l1.seg_1B.s4_alloc_plan.l2.runner"
  void info(std::string_view message);
  void warn(std::string_view message);
  void error(std::string_view message);
  // To the run log only: the records that tools read (AUDIT_S1_COUNTRY, S4_ERROR ...).
  void record(std::string_view level, std::string_view message);
  // An info line that ends in " (elapsed=..s, delta=..s)" since the state began and since the last step.
  void step(std::string_view message);
  void start_clock();  // a state begins

 private:
  friend class Progress;
  struct State;
  std::unique_ptr<State> state_;
};

// Progress of one loop. Writes to the run log at most every 0.5 s and once at the end; on a terminal the line is
// redrawn in place. advance() may be called from many threads.
class Progress {
 public:
  Progress(Log& log, std::string_view label, std::uint64_t total);  // total 0: unknown
  ~Progress();
  void advance(std::uint64_t count = 1);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

double wall_seconds();                 // monotonic
double cpu_seconds();                  // of the process
std::uint64_t peak_rss_bytes();
std::uint64_t open_files();

}  // namespace placewright::report
