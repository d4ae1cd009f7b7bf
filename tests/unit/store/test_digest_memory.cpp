#include <gtest/gtest.h>

#include <chrono>

#include "store/digest_memory.hpp"

namespace placewright::store {
namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "placewright_digest_memory") {
    fs::remove_all(path_);
    fs::create_directories(path_ / "below");
    put("a", "1");
    put("below/b", "2");
  }
  ~Folder() { fs::remove_all(path_); }
  void put(const std::string& name, const std::string& text) { EXPECT_TRUE(write_plain(path_ / name, text)); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const hash::FileDigest kDigest{2, std::string(64, 'd')};

TEST(DigestMemory, TellsWhatWasKeptOfFoldersAndFiles) {
  const Folder folder;
  DigestMemory memory;
  EXPECT_FALSE(memory.find(folder.path()));
  memory.keep(folder.path(), kDigest);
  memory.keep(folder.path() / "a", {1, std::string(64, 'a')});
  ASSERT_TRUE(memory.find(folder.path()));
  EXPECT_EQ(memory.find(folder.path())->sha256_hex, kDigest.sha256_hex);
  EXPECT_EQ(memory.find(folder.path())->bytes, 2U);
  EXPECT_EQ(memory.find(folder.path() / "a")->bytes, 1U);
  memory.keep(folder.path() / "none", kDigest);
  EXPECT_FALSE(memory.find(folder.path() / "none"));
}

TEST(DigestMemory, ForgetsWhateverHasChanged) {
  const auto forgets = [](const auto& change) {
    Folder folder;
    DigestMemory memory;
    memory.keep(folder.path(), kDigest);
    change(folder);
    return !memory.find(folder.path());
  };
  EXPECT_FALSE(forgets([](Folder&) {}));
  EXPECT_TRUE(forgets([](Folder& f) { f.put("below/b", "22"); }));
  EXPECT_TRUE(forgets([](Folder& f) { f.put("c", ""); }));
  EXPECT_TRUE(forgets([](Folder& f) { fs::remove(f.path() / "a"); }));
  EXPECT_TRUE(forgets([](Folder& f) { fs::rename(f.path() / "a", f.path() / "c"); }));
  EXPECT_TRUE(forgets([](Folder& f) {  // of the same size, put in its place
    f.put("other", "3");
    fs::rename(f.path() / "other", f.path() / "a");
  }));
  EXPECT_TRUE(forgets([](Folder& f) {
    fs::last_write_time(f.path() / "a", fs::file_time_type::clock::now() - std::chrono::hours(1));
  }));
}

}  // namespace
}  // namespace placewright::store
