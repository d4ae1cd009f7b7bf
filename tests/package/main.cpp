// A stranger's program on the installed library: asks for something impossible and reads the answer.
#include <cstdio>

#include "placewright/catalogue.hpp"
#include "placewright/export.hpp"
#include "placewright/run.hpp"
#include "placewright/verify.hpp"
#include "placewright/version.hpp"
#include "placewright/world.hpp"

int main() {
  placewright::RunOptions options;
  options.runs_root = "/nonexistent";
  options.quiet = true;
  const auto result = placewright::run(options);
  std::printf("%s %s\n", placewright::version(), result.status.code.c_str());
  return result.status.code == "PW_RECEIPT" ? 0 : 1;
}
