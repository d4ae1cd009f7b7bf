#include "work/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace placewright::work {

TEST(Ordered, ResultsComeInInputOrderWhateverTheNumberOfThreads) {
  for (const unsigned threads : {1U, 2U, 8U}) {
    Pool pool(threads);
    std::string seen;
    const auto done = ordered<int>(
        pool, 200,
        [](std::size_t i) -> Result<int> {
          if (i % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
          return static_cast<int>(i);
        },
        [&](std::size_t i, int&& value) -> Result<void> {
          EXPECT_EQ(static_cast<int>(i), value);
          seen += std::to_string(value) + ",";
          return {};
        });
    EXPECT_TRUE(done);
    EXPECT_EQ(seen.substr(0, 6), "0,1,2,");
    EXPECT_EQ(seen.substr(seen.size() - 4), "199,");
  }
}

TEST(Ordered, TheFirstErrorInInputOrderEndsTheLoop) {
  for (const unsigned threads : {1U, 4U}) {
    Pool pool(threads);
    std::atomic<int> consumed{0};
    const auto done = ordered<int>(
        pool, 100,
        [](std::size_t i) -> Result<int> {
          if (i >= 13) return Error("E" + std::to_string(i), "");
          return 0;
        },
        [&](std::size_t, int&&) -> Result<void> {
          ++consumed;
          return {};
        });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), "E13");
    EXPECT_EQ(consumed, 13);
  }
}

TEST(Ordered, NoMoreThanTheWindowWaits) {
  Pool pool(4);
  std::atomic<int> waiting{0};
  std::atomic<int> most{0};
  const auto done = ordered<int>(
      pool, 64,
      [&](std::size_t) -> Result<int> {
        const int now = ++waiting;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        return 0;
      },
      [&](std::size_t, int&&) -> Result<void> {
        --waiting;
        return {};
      },
      3);
  EXPECT_TRUE(done);
  EXPECT_LE(most, 4);  // three waiting and the one being consumed
}

TEST(ForEach, AnExceptionBecomesADefect) {
  Pool pool(2);
  const auto done = for_each(pool, 4, [](std::size_t i) -> Result<void> {
    if (i == 2) throw std::runtime_error("boom");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), "PW_DEFECT");
}

}  // namespace placewright::work
