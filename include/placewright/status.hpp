// How a call ended.
#pragma once

#include <string>

namespace placewright {

// exit_code is the program's published code (docs/errors.md): 0 fine, 1 failed, 2 wrong use, 3 checked and found
// wanting, 4 infeasible, 5 resource, 6 sealed target exists with other content, 70 a defect of placewright.
struct Status {
  int exit_code = 0;
  std::string code;     // e.g. "E613_RESAMPLE_EXHAUSTED"; empty when fine
  std::string message;  // what failed, where, what to do next
  explicit operator bool() const { return exit_code == 0; }
};

}  // namespace placewright
