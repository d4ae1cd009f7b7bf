// Threads whose results come back in the order of the input, so that no sum and no byte depends on their number.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace placewright::work {

// Number of threads the machine offers; at least 1.
unsigned hardware_threads();

class Pool {
 public:
  explicit Pool(unsigned threads);  // 0: as many as the machine offers
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  unsigned threads() const { return threads_; }
  // Runs `job` on a worker. A pool of one thread runs it at once, on the caller.
  void submit(std::function<void()> job);

 private:
  struct State;
  std::unique_ptr<State> state_;
  unsigned threads_;
};

// Calls work(i) for i in [0, n) on the pool. Returns the error of the smallest failing i; later items may be skipped
// once one has failed, earlier ones never are. An exception becomes PW_DEFECT (PW_MEMORY for std::bad_alloc).
Result<void> for_each(Pool& pool, std::size_t n, const std::function<Result<void>(std::size_t)>& work);

namespace detail {
Result<void> ordered(Pool& pool, std::size_t n, std::size_t window, const std::function<Result<void>(std::size_t)>& produce,
                     const std::function<Result<void>(std::size_t)>& consume);
}

// produce(i) runs on the pool, in any order; consume(i, value) runs on the calling thread for i = 0, 1, 2, ...
// At most `window` results (default: four a thread) wait at any time, so memory stays flat. The first error in input
// order ends the loop. Not to be called from inside a job of the same pool.
template <class T>
Result<void> ordered(Pool& pool, std::size_t n, const std::function<Result<T>(std::size_t)>& produce,
                     const std::function<Result<void>(std::size_t, T&&)>& consume, std::size_t window = 0) {
  if (window == 0) window = 4 * static_cast<std::size_t>(pool.threads());
  std::vector<std::optional<T>> slots(window);
  return detail::ordered(
      pool, n, window,
      [&](std::size_t i) -> Result<void> {
        auto made = produce(i);
        if (!made) return std::move(made).error();
        slots[i % window] = std::move(made).value();
        return {};
      },
      [&](std::size_t i) -> Result<void> {
        T value = std::move(*slots[i % window]);
        slots[i % window].reset();
        return consume(i, std::move(value));
      });
}

}  // namespace placewright::work
