#include <map>

#include "sample.hpp"

namespace placewright::table {
namespace {

std::vector<WrittenFile> write(const std::filesystem::path& folder, std::size_t rows, std::size_t step,
                               unsigned threads) {
  work::Pool pool(threads);
  WriteOptions options;
  options.rows_per_group = 300;
  PartsWriter writer(folder, kEveryKind, 1000, pool, options);
  for (std::size_t first = 0; first < rows; first += step)
    EXPECT_TRUE(writer.write(sample(first, std::min(step, rows - first))));
  auto files = writer.close();
  EXPECT_TRUE(files);
  return *files;
}

TEST(PartsWriter, CutsPartsExactlyAndKeepsTheOrder) {
  const Scratch scratch;
  const auto files = write(scratch / "x", 12'345, 777, 2);
  ASSERT_EQ(files.size(), 13U);
  for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ(files[i].rows, i < 12 ? 1000U : 345U);
  EXPECT_EQ(files[12].name, "part-00012.parquet");
  const auto dataset = Dataset::open(scratch / "x");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->files().size(), 13U);
  const auto all = dataset->read_all(kEveryKind);
  ASSERT_TRUE(all);
  expect_equal(*all, sample(0, 12'345));
}

TEST(PartsWriter, BytesDoNotDependOnThreadsOrBatches) {
  std::vector<std::string> first;
  for (const unsigned threads : {1U, 2U, 8U}) {
    for (const std::size_t step : {100U, 1000U, 4321U}) {
      const Scratch scratch;
      std::vector<std::string> digests;
      for (const auto& file : write(scratch.path(), 9'500, step, threads))
        digests.push_back(file.name + file.sha256_hex);
      if (first.empty()) first = digests;
      EXPECT_EQ(digests, first) << threads << " threads, step " << step;
    }
  }
}

TEST(PartsWriter, NoRowsMakeNoFile) {
  const Scratch scratch;
  EXPECT_TRUE(write(scratch / "x", 0, 1, 2).empty());
  EXPECT_FALSE(std::filesystem::exists(scratch / "x" / "part-00000.parquet"));
}

TEST(PartsWriter, AFullPartEndsWithoutAnEmptyOne) {
  const Scratch scratch;
  EXPECT_EQ(write(scratch / "x", 2000, 500, 2).size(), 2U);
}

TEST(PartsWriter, TellsTheFailureOfTheLowestPart) {
  for (const unsigned threads : {1U, 2U, 8U}) {
    const Scratch scratch;
    for (const auto* part : {"part-00002.parquet", "part-00003.parquet"})
      std::filesystem::create_directory(scratch / part);
    work::Pool pool(threads);
    PartsWriter writer(scratch.path(), kEveryKind, 100, pool);
    Result<void> outcome;
    for (std::size_t i = 0; i < 50 && outcome; ++i) outcome = writer.write(sample(i * 100, 100));
    if (outcome) {
      const auto closed = writer.close();
      ASSERT_FALSE(closed);
      outcome = closed.error();
    }
    EXPECT_EQ(outcome.error().code(), "PW_IO");
    EXPECT_NE(outcome.error().message().find("part-00002"), std::string::npos) << outcome.error().message();
    EXPECT_FALSE(writer.close());
  }
}

TEST(PartsWriter, RefusesABatchOfAnotherShape) {
  const Scratch scratch;
  work::Pool pool(2);
  PartsWriter writer(scratch.path(), kEveryKind, 100, pool);
  const auto written = writer.write({1, {std::vector<std::uint64_t>{1}}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), "PW_DEFECT");
}

}  // namespace
}  // namespace placewright::table
