// One line of an event, trace or audit log against the schemas of spec S7-S9 §4.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/ids.hpp"
#include "datasets/events.hpp"

namespace placewright::datasets {

// What a line may hold. `assignment` and `jitter` are events.
enum class LineKind { assignment, jitter, trace };

// Numbers of a line by field; those that could not be read are 0.
struct LineValues {
  EventFamily family = EventFamily::assignment;  // trace lines
  bool foreign = false;                          // a trace line of neither family
  SiteKey site;
  rng::Counter before, after;
  std::uint64_t blocks = 0, draws = 0;
  TileId tile = 0;
  double u = 0, delta_lat = 0, delta_lon = 0, sigma_lat = 0, sigma_lon = 0;
  std::uint64_t draws_total = 0, blocks_total = 0, events_total = 0;
};

// Reads the lines of one log. Lines in the common form, of this run and without a fault, take a quick way that
// allocates nothing; any other line is parsed as JSON and explained. Both agree on what a good line is.
class LineReader {
 public:
  LineReader(LineKind kind, const RunIdentity& identity);

  // The problem of the line, none for a good one. `values` is overwritten.
  std::unique_ptr<RecordProblem> read(std::string_view line, LineValues& values);

  // The two ways, for tests. quick() returns false for lines it leaves to the other.
  bool quick(std::string_view line, LineValues& values);
  std::unique_ptr<RecordProblem> careful(std::string_view line, LineValues& values) const;

 private:
  bool quick_field(class LineScanner& in, int field, LineValues& values, struct Emitter& emitter) const;
  int field_at(std::string_view key, std::size_t position);

  LineKind kind_;
  RunIdentity identity_;
  std::array<std::int8_t, 24> order_;  // fields of the previous line, by position: the next line most likely agrees
};

// The same for the audit log.
AuditRecord read_audit_line(std::string_view line, const RunIdentity& identity);

// YYYY-MM-DDTHH:MM:SS.ffffffZ; a pattern, not a calendar.
bool is_micros(std::string_view text);

}  // namespace placewright::datasets
