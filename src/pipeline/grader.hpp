// What S9 asks when a policy makes the flag depend on the grade: states know no scorer.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::pipeline {

// Takes "placement" or "whole"; answers "below_B", "B", "B_plus", or "ungraded" where no site can be graded (RS06,
// RS08). The grade of `placewright score --no-people`, the same for any number of threads. RS02, RS03, RS04.
std::function<Result<std::string>(std::string_view)> grader(const store::RunFolder& run, work::Pool& pool);

}  // namespace placewright::pipeline
