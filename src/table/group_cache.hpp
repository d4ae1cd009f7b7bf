// The last few row groups that readers of smaller blocks share, so that each is decoded once.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "base/result.hpp"

namespace placewright::table {

// Safe to use from many threads; a group is loaded by one while the others wait for it.
template <class T>
class GroupCache {
 public:
  // load() -> Result<T>
  Result<std::shared_ptr<const T>> get(std::size_t group, const auto& load) {
    const auto entry = entry_of(group);
    const std::scoped_lock lock(entry->mutex);
    if (!entry->value) {
      PW_TRY(auto value, load());
      entry->value = std::make_shared<const T>(std::move(value));
    }
    return entry->value;
  }

 private:
  static constexpr std::size_t kKept = 3;
  struct Entry {
    std::mutex mutex;
    std::shared_ptr<const T> value;
  };

  std::shared_ptr<Entry> entry_of(std::size_t group) {
    const std::scoped_lock lock(mutex_);
    const auto it = std::ranges::find_if(entries_, [&](const auto& kept) { return kept.first == group; });
    auto found = it == entries_.end() ? std::make_shared<Entry>() : it->second;
    if (it != entries_.end()) entries_.erase(it);
    entries_.emplace_front(group, found);
    if (entries_.size() > kKept) entries_.pop_back();
    return found;
  }

  std::mutex mutex_;
  std::deque<std::pair<std::size_t, std::shared_ptr<Entry>>> entries_;  // latest use first
};

}  // namespace placewright::table
