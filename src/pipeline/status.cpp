#include "pipeline/status.hpp"

#include <exception>
#include <new>

#include "base/codes.hpp"

namespace placewright::pipeline {

Status status_of(const Error& error) {
  std::string message = error.message();
  if (const auto* row = find_code(error.code())) message += "\n  what to do: " + std::string(row->next);
  return {static_cast<int>(exit_of(error.code())), error.code(), std::move(message)};
}

Status guarded(const std::function<Result<void>()>& body) {
  try {
    const auto done = body();
    return done ? Status{} : status_of(done.error());
  } catch (const std::bad_alloc&) {
    return status_of(Error("PW_MEMORY", "memory is exhausted"));
  } catch (const std::exception& e) {
    return status_of(Error("PW_DEFECT", e.what()));
  }
}

}  // namespace placewright::pipeline
