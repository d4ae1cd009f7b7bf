// Things that are dear to make and used by one thread at a time: taken, put back, taken again.
#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace placewright::work {

// Safe to use from many threads.
template <class T>
class Shelf {
 public:
  // Nothing when all are in use: make a new one.
  std::optional<T> take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return std::nullopt;
    std::optional<T> thing(std::move(idle_.back()));
    idle_.pop_back();
    return thing;
  }
  void put(T thing) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(thing));
  }

 private:
  std::mutex mutex_;
  std::vector<T> idle_;
};

}  // namespace placewright::work
