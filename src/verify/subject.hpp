// The run under examination and what the checks add up.
#pragma once

#include <string>
#include <vector>

#include "report/log.hpp"
#include "store/run_folder.hpp"
#include "verify/findings.hpp"
#include "work/pool.hpp"

namespace placewright::verify {

struct Subject {
  const store::RunFolder& run;
  work::Pool& pool;
  report::Log& log;
  Findings findings;
  std::vector<std::string> proven;
  std::uint64_t bytes_hashed = 0;

  // Runs one law: a sentence is proven when it adds no finding; an Error becomes one.
  template <class Check>
  void law(const std::string& sentence, Check&& check) {
    const auto before = findings.total();
    if (Result<void> held = check(); !held) findings.add(sentence, held.error());
    if (findings.total() == before) proven.push_back(sentence);
    log.step("verify: " + sentence + (findings.total() == before ? "" : ": FOUND WANTING"));
  }
};

}  // namespace placewright::verify
