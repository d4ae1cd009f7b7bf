// Random histories of stage, point, lock, reopen and prune over empty runs: nothing that is needed is ever removed.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>

#include "lanes/pretty.hpp"
#include "lanes/prune.hpp"
#include "lanes/records.hpp"
#include "lanes/root.hpp"
#include "store/files.hpp"
#include "store/lock.hpp"

namespace placewright::lanes {
namespace {

std::string id_of(int number) {
  auto digits = std::to_string(number);
  return std::string(32 - digits.size(), '0') + digits;
}

class Root {
 public:
  Root() : path(fs::temp_directory_path() / ("placewright-prune-" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path / "reports");
  }
  ~Root() { fs::remove_all(path); }

  void make(const std::string& id, const std::string& source = {}) const {
    Json receipt = {{"run_id", id},
                    {"seed", 1},
                    {"parameter_hash", std::string(64, 'a')},
                    {"manifest_fingerprint", std::string(64, 'b')}};
    if (!source.empty()) receipt["staged_from_run_id"] = source;
    ASSERT_TRUE(write_pretty(path / id / "run_receipt.json", receipt));
  }
  bool has(const std::string& id) const { return fs::exists(path / id / "run_receipt.json"); }
  void lock(const std::string& phase, const std::string& run, const std::string& witness) const {
    const Json record = {{"phase", phase},
                         {"accepted_run_id", run},
                         {"repro_run_id", witness},
                         {"seed", 1},
                         {"manifest_fingerprint", std::string(64, 'b')},
                         {"parameter_hash", std::string(64, 'a')},
                         {"policies", Json::array()},
                         {"build_commit", ""},
                         {"score_json", ""},
                         {"repro_check_json", ""},
                         {"metrics", Json::object()},
                         {"deltas", Json::object()},
                         {"freeze_statement", ""},
                         {"locked_utc", ""}};
    ASSERT_TRUE(write_pretty(path / "reports" / ("segment1b_" + phase + "_lock_record.json"), record));
  }

  fs::path path;
};

// What must be there, told by the test's own account of what was done.
struct Account {
  std::map<std::string, std::string> source;           // of every run ever made
  std::map<std::string, std::string> pointers;         // role -> run
  std::map<std::string, std::set<std::string>> locks;  // phase -> runs

  std::set<std::string> needed() const {
    std::set<std::string> runs;
    for (const auto& [role, run] : pointers) runs.insert(run);
    for (const auto& [phase, two] : locks) runs.insert(two.begin(), two.end());
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& run : std::set<std::string>(runs)) {
        const auto& from = source.at(run);
        if (!from.empty()) grown |= runs.insert(from).second;
      }
    }
    return runs;
  }
};

TEST(Prune, NothingNeededIsEverRemoved) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    std::mt19937 draw(seed);
    Root root;
    Account account;
    std::vector<std::string> alive;
    const auto any = [&] { return alive[draw() % alive.size()]; };
    for (int step = 0; step < 40; ++step) {
      const auto action = draw() % 6;
      if (alive.empty() || action <= 1) {
        const auto id = id_of(step + 1), source = alive.empty() || draw() % 2 ? std::string() : any();
        root.make(id, source);
        account.source[id] = source;
        alive.push_back(id);
      } else if (action == 2) {
        const std::string role = draw() % 2 ? "current_candidate" : "last_good";
        const auto run = any();
        ASSERT_TRUE(set_pointer(root.path, {role, run, "P1", "", ""}));
        account.pointers[role] = run;
      } else if (action == 3) {
        const auto phase = "p" + std::to_string(1 + draw() % 3);
        const auto run = any(), witness = any();
        root.lock(phase, run, witness);
        account.locks[phase] = {run, witness};
      } else if (action == 4 && !account.locks.empty()) {
        const auto phase = account.locks.begin()->first;
        ASSERT_TRUE(reopen(root.path, {phase, (root.path / any() / "run_receipt.json").string(), "tester"}));
        account.locks.erase(phase);
      } else {
        const auto rows = prune({root.path, false, {}, true});
        ASSERT_TRUE(rows);
        const auto needed = account.needed();
        for (const auto& run : needed) ASSERT_TRUE(root.has(run)) << "seed " << seed << " step " << step;
        std::erase_if(alive, [&](const std::string& run) { return !root.has(run); });
        EXPECT_EQ(std::set<std::string>(alive.begin(), alive.end()), needed);
      }
    }
  }
}

TEST(Prune, WithoutYesNothingGoes) {
  Root root;
  root.make(id_of(1));
  const auto rows = prune({root.path, false, {}, false});
  ASSERT_TRUE(rows);
  EXPECT_FALSE(rows->front().kept);
  EXPECT_TRUE(root.has(id_of(1)));
}

TEST(Prune, OnlyFailedOnesAndNotTheirHeirsSource) {
  Root root;
  for (int i = 1; i <= 3; ++i) root.make(id_of(i));
  root.make(id_of(4), id_of(2));
  for (const int i : {1, 2}) ASSERT_TRUE(store::write_text(root.path / id_of(i) / "_FAILED.SENTINEL.json", "{}"));
  ASSERT_TRUE(store::write_text(root.path / "reports" / id_of(9) / "_FAILED.SENTINEL.json", "{}"));
  ASSERT_TRUE(prune({root.path, true, {}, true}));
  EXPECT_FALSE(root.has(id_of(1)));
  EXPECT_TRUE(root.has(id_of(2)));  // run 4 did not fail and was staged from it
  EXPECT_TRUE(root.has(id_of(3)));
  EXPECT_TRUE(fs::exists(root.path / "reports" / id_of(9)));
}

TEST(Prune, ADamagedRecordStopsEverything) {
  Root root;
  root.make(id_of(1));
  ASSERT_TRUE(store::write_text(root.path / "last_good/last_good_pointer.json", "{\"role\": 1}"));
  const auto rows = prune({root.path, false, {}, true});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), "LANE_RECORD");
  EXPECT_TRUE(root.has(id_of(1)));
}

TEST(Prune, ARunInWorkStays) {
  Root root;
  root.make(id_of(1));
  const auto lock = store::Lock::take(root.path / id_of(1));
  ASSERT_TRUE(lock);
  ASSERT_TRUE(prune({root.path, false, {}, true}));
  EXPECT_TRUE(root.has(id_of(1)));
}

TEST(Prune, NamesInCapitalsAndOtherFoldersAreNoRuns) {
  Root root;
  fs::create_directories(root.path / "ABCDEFABCDEFABCDEFABCDEFABCDEFAB");
  fs::create_directories(root.path / "_cache");
  EXPECT_TRUE(run_ids(root.path).empty());
  EXPECT_TRUE(prune({root.path, false, {"  " + id_of(1) + " "}, true}));
}

TEST(RootLock, TheSecondIsToldWhoHoldsIt) {
  Root root;
  const auto first = RootLock::take(root.path, "prune");
  ASSERT_TRUE(first);
  const auto second = RootLock::take(root.path, "stage");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), "LANE_ROOT_BUSY");
  EXPECT_NE(second.error().message().find("placewright lane prune (process "), std::string::npos);
}

TEST(Records, TheBaselineDoesNotMoveWithoutAReopening) {
  Root root;
  root.make(id_of(1));
  root.make(id_of(2));
  ASSERT_TRUE(set_pointer(root.path, {"baseline_authority", id_of(1), "", "", ""}));
  ASSERT_TRUE(set_pointer(root.path, {"baseline_authority", id_of(1), "", "", ""}));
  const auto moved = set_pointer(root.path, {"baseline_authority", id_of(2), "", "", ""});
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code(), "LANE_IMMUTABLE");
  ASSERT_TRUE(reopen(root.path, {"baseline", (root.path / id_of(1) / "run_receipt.json").string(), "tester"}));
  EXPECT_TRUE(set_pointer(root.path, {"baseline_authority", id_of(2), "", "", ""}));
}

TEST(Records, APointerNamesARunThatIsThere) {
  Root root;
  const auto set = set_pointer(root.path, {"last_good", id_of(7), "", "", ""});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code(), "LANE_RUN");
}

}  // namespace
}  // namespace placewright::lanes
