#include "work/pool.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

namespace placewright::work {

unsigned hardware_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

struct Pool::State {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> jobs;
  bool closing = false;
  std::vector<std::thread> workers;

  void serve() {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return closing || !jobs.empty(); });
        if (jobs.empty()) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      job();
    }
  }
};

Pool::Pool(unsigned threads) : state_(std::make_unique<State>()), threads_(threads == 0 ? hardware_threads() : threads) {
  if (threads_ == 1) return;
  for (unsigned i = 0; i < threads_; ++i) state_->workers.emplace_back([this] { state_->serve(); });
}

Pool::~Pool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->wake.notify_all();
  for (auto& worker : state_->workers) worker.join();
}

void Pool::submit(std::function<void()> job) {
  if (threads_ == 1) return job();
  {
    std::lock_guard lock(state_->mutex);
    state_->jobs.push_back(std::move(job));
  }
  state_->wake.notify_one();
}

namespace {

Result<void> guarded(const std::function<Result<void>(std::size_t)>& work, std::size_t i) {
  try {
    return work(i);
  } catch (const std::bad_alloc&) {
    return Error("PW_MEMORY", "memory is exhausted");
  } catch (const std::exception& e) {
    return Error("PW_DEFECT", std::string("exception in a worker: ") + e.what());
  }
}

// What one loop's jobs share. `failed` is the smallest failing index.
struct Loop {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Result<void>>> done;  // ring of `window` results
  std::size_t running = 0;
};

}  // namespace

namespace detail {

Result<void> ordered(Pool& pool, std::size_t n, std::size_t window, const std::function<Result<void>(std::size_t)>& produce,
                     const std::function<Result<void>(std::size_t)>& consume) {
  if (pool.threads() == 1) {
    for (std::size_t i = 0; i < n; ++i) {
      PW_CHECK(guarded(produce, i));
      PW_CHECK(guarded(consume, i));
    }
    return {};
  }
  Loop loop;
  loop.done.resize(window);
  std::size_t submitted = 0;
  const auto submit_next = [&] {
    const std::size_t i = submitted++;
    {
      std::lock_guard lock(loop.mutex);
      ++loop.running;
    }
    pool.submit([&, i] {
      auto result = guarded(produce, i);
      std::lock_guard lock(loop.mutex);
      loop.done[i % window].emplace(std::move(result));
      --loop.running;
      loop.changed.notify_all();
    });
  };
  Result<void> outcome;
  for (std::size_t i = 0; i < n && outcome; ++i) {
    while (submitted < n && submitted < i + window) submit_next();
    std::unique_lock lock(loop.mutex);
    loop.changed.wait(lock, [&] { return loop.done[i % window].has_value(); });
    outcome = std::move(*loop.done[i % window]);
    loop.done[i % window].reset();
    lock.unlock();
    if (outcome) outcome = guarded(consume, i);
  }
  std::unique_lock lock(loop.mutex);
  loop.changed.wait(lock, [&] { return loop.running == 0; });
  return outcome;
}

}  // namespace detail

Result<void> for_each(Pool& pool, std::size_t n, const std::function<Result<void>(std::size_t)>& work) {
  return detail::ordered(pool, n, 16 * static_cast<std::size_t>(pool.threads()), work,
                         [](std::size_t) -> Result<void> { return {}; });
}

}  // namespace placewright::work
