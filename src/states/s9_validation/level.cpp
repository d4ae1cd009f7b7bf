#include "states/s9_validation/level.hpp"

#include "datasets/policies.hpp"
#include "store/files.hpp"

namespace placewright::states::s9_validation {
namespace {

// Any other word, such as "ungraded", is below every level.
int rank(std::string_view grade) {
  if (grade == "B_plus") return 2;
  return grade == "B" ? 1 : 0;
}

}  // namespace

Result<contracts::PolicyS9> read_validation_policy(const store::RunFolder& run) {
  PW_TRY(const auto file, datasets::read_optional_policy_file(run, "validation_policy"));
  return file ? contracts::read_policy_s9(file->fields, file->path.string()) : contracts::PolicyS9{};
}

Result<std::optional<GradeFacts>> check_level(Context& context, Failures& failures) {
  PW_TRY(const auto policy, read_validation_policy(context.run));
  if (!policy.asks()) return std::optional<GradeFacts>();
  if (!context.grade) return Error("PW_DEFECT", "S9 is asked for a grade and was given nothing that grades");
  context.log.step("S9: grading start");
  PW_TRY(auto grade, context.grade(policy.grade_of));
  GradeFacts facts{policy.grade_of, policy.require_grade, std::move(grade)};
  facts.reached = rank(facts.grade) >= rank(facts.required);
  const auto what = "the grade (" + facts.of + ") is " + facts.grade + ", the policy asks for " + facts.required;
  if (facts.reached) {
    context.log.info("S9: " + what);
  } else {
    context.log.warn("S9: E915_GRADE_BELOW_LEVEL: " + what);
    failures.record(Error("E915_GRADE_BELOW_LEVEL", what)
                        .with("detail", "grade_below_level")
                        .with("grade_of", facts.of)
                        .with("grade", facts.grade)
                        .with("required", facts.required));
  }
  return std::optional<GradeFacts>(std::move(facts));
}

}  // namespace placewright::states::s9_validation
