// What every state is given, and what it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "geo/coverage.hpp"
#include "report/log.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::states {

enum class PublishForm { rows, spans };
enum class EventForm { jsonl, parquet };

struct Context {
  const store::RunFolder& run;
  report::Log& log;
  work::Pool& pool;
  geo::Predicate predicate = geo::Predicate::center;
  PublishForm publish = PublishForm::spans;
  EventForm events = EventForm::parquet;
  std::string build_commit;        // 64 hex digits (rulings 1)
  std::uint64_t memory_bytes = 0;  // budget; 0: none given
  // The run's grade of that name, "placement" or "whole"; asked by S9 alone, and only where a policy wants a level.
  std::function<Result<std::string>(std::string_view)> grade = {};
};

// For the table of states at the end of a run.
struct Summary {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  bool passed = true;  // S9's decision; true elsewhere
};

// Each state is one function. A failure carries the state's code and the facts of its S<k>_ERROR record; the caller
// writes that record. Nothing is published before everything that can fail has passed.
using StateFunction = Result<Summary> (*)(Context&);

}  // namespace placewright::states
