// Errors on their way out of the library.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "placewright/status.hpp"

namespace placewright::pipeline {

Status status_of(const Error& error);
// Runs `body`; an exception that reaches this border becomes PW_MEMORY or PW_DEFECT.
Status guarded(const std::function<Result<void>()>& body);

}  // namespace placewright::pipeline
