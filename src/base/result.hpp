// Result<T>: a value or an Error. Everything below apps/ returns it; nothing throws across a folder's border.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace placewright {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

#define PW_CAT_(a, b) a##b
#define PW_CAT(a, b) PW_CAT_(a, b)

// PW_TRY(const auto grid, read_grid(path)); returns the error from the calling function, else declares grid.
#define PW_TRY(declaration, ...)                                                       \
  auto PW_CAT(pw_result_, __LINE__) = (__VA_ARGS__);                                   \
  if (!PW_CAT(pw_result_, __LINE__)) return std::move(PW_CAT(pw_result_, __LINE__)).error(); \
  declaration = std::move(PW_CAT(pw_result_, __LINE__)).value()

// PW_CHECK(publish(...)); the same for a Result<void>.
#define PW_CHECK(...)                                                        \
  do {                                                                       \
    if (auto pw_check = (__VA_ARGS__); !pw_check) return std::move(pw_check).error(); \
  } while (false)

}  // namespace placewright
