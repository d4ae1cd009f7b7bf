// Lines of the event, trace and audit logs: the quick way takes no line that the careful way refuses, and reads the
// same values. The first byte chooses the kind of line.
#include "datasets/event_line.hpp"

#include <bit>

#include "target.hpp"

namespace {

using namespace placewright;
using datasets::LineKind;
using datasets::LineValues;

const RunIdentity kRun = {std::string(32, 'a'), 18446744073709551615U, std::string(64, 'b'), std::string(64, 'c')};

bool equal(const LineValues& a, const LineValues& b) {
  for (const auto member : {&LineValues::u, &LineValues::delta_lat, &LineValues::delta_lon, &LineValues::sigma_lat,
                            &LineValues::sigma_lon}) {
    if (std::bit_cast<std::uint64_t>(a.*member) != std::bit_cast<std::uint64_t>(b.*member)) return false;
  }
  for (const auto member : {&LineValues::blocks, &LineValues::draws, &LineValues::draws_total,
                            &LineValues::blocks_total, &LineValues::events_total, &LineValues::tile}) {
    if (a.*member != b.*member) return false;
  }
  return a.family == b.family && a.foreign == b.foreign && a.site == b.site && a.before == b.before &&
         a.after == b.after;
}

void check_line(LineKind kind, std::string_view line) {
  datasets::LineReader reader(kind, kRun);
  LineValues quick, careful;
  const bool taken = reader.quick(line, quick);
  const auto problem = reader.careful(line, careful);
  if (!taken) return;
  fuzz::require(problem == nullptr, "the quick way takes a line that the careful way refuses");
  fuzz::require(equal(quick, careful), "the two ways read different values");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // Exactly as long as the line, so that a read beyond its end is seen.
  const std::string line(fuzz::text_of(data + 1, size - 1));
  switch (data[0]) {
    case 'a':
      check_line(LineKind::assignment, line);
      break;
    case 'j':
      check_line(LineKind::jitter, line);
      break;
    case 't':
      check_line(LineKind::trace, line);
      break;
    default: {
      const auto record = datasets::read_audit_line(line, kRun);
      fuzz::require(!record.this_run || !record.problem || !record.problem->malformed, "a malformed line is of no run");
    }
  }
  return 0;
}
