// The trace closes each family's account; the audit log names the run (spec S7-S9 §3.4 d, e, h).
#pragma once

#include <array>

#include "datasets/events.hpp"
#include "states/s9_validation/bundle.hpp"
#include "states/s9_validation/failures.hpp"

namespace placewright::states::s9_validation {

struct TraceEnd {
  std::uint64_t rows = 0;
  Totals last;  // of the last row in file order
};
// By family: [assignment, jitter]. Records E907 for rows of another run, other seeds and broken schemas.
Result<std::array<TraceEnd, 2>> scan_trace(const store::RunFolder& run, work::Pool& pool, Failures& failures);

// Is there one row an event, and does the last row carry the sums? Records E907 when not.
bool reconcile(datasets::EventFamily family, const Totals& totals, const TraceEnd& trace, Failures& failures);

// A lawful record of this run exists; E907 otherwise.
Result<void> check_audit(const store::RunFolder& run, Failures& failures);

}  // namespace placewright::states::s9_validation
