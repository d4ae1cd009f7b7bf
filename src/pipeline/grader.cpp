#include "pipeline/grader.hpp"

#include "realism/grade.hpp"

namespace placewright::pipeline {

std::function<Result<std::string>(std::string_view)> grader(const store::RunFolder& run, work::Pool& pool) {
  return [&run, &pool](std::string_view of) -> Result<std::string> {
    realism::GradeOptions how;
    how.people = false;  // the grade must not depend on how much of the raster fits into memory or time
    const auto grade = realism::grade_run(run, how, pool);
    if (!grade) {
      const auto& code = grade.error().code();
      if (code == "RS06_EMPTY_FRAME" || code == "RS08_NONFINITE") return std::string("ungraded");
      return grade.error();
    }
    return std::string(name_of(of == "whole" ? grade->level : grade->placement_level));
  };
}

}  // namespace placewright::pipeline
