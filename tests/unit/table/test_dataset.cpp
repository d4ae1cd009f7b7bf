#include <numeric>
#include <random>
#include <thread>

#include "sample.hpp"
#include "table/table.hpp"

namespace placewright::table {
namespace {

const std::string kData = PW_TESTS "/data/table/";
const std::vector<std::string> kIsos = {"AD", "BE", "CH"};

Dataset open(const std::filesystem::path& path) {
  auto dataset = Dataset::open(path);
  EXPECT_TRUE(dataset) << dataset.error().message();
  return std::move(dataset).value();
}

void expect_isos(const TextColumn& column) {
  EXPECT_LE(column.dictionary.size(), 3U);
  ASSERT_EQ(column.codes.size(), 2000U);
  for (std::size_t i = 0; i < 2000; ++i) ASSERT_EQ(column.at(i), kIsos[i / 10 % 3]) << i;
}

void expect_tags(const Column& column) {
  const auto& tags = std::get<TextLists>(column);
  ASSERT_EQ(tags.size(), 2000U);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    ASSERT_EQ(tags[i].size(), i % 4);
    for (std::size_t j = 0; j < tags[i].size(); ++j) ASSERT_EQ(tags[i][j], "t" + std::to_string(j));
  }
}

TEST(Dataset, ReadsWhatOtherProgramsWrite) {
  for (const auto* name : {"pyarrow.parquet", "polars.parquet", "duckdb.parquet"}) {
    SCOPED_TRACE(name);
    const auto dataset = open(kData + name);
    ASSERT_EQ(dataset.rows(), 2000U);
    EXPECT_GT(dataset.groups(), 0U);
    const auto all = dataset.read_all({{"u64", Kind::u64},
                                       {"i64", Kind::i64},
                                       {"f64", Kind::f64},
                                       {"flag", Kind::boolean},
                                       {"iso", Kind::text},
                                       {"key", Kind::text},
                                       {"blob", Kind::bytes},
                                       {"day", Kind::date32},
                                       {"tags", Kind::text_list}});
    ASSERT_TRUE(all) << all.error().message();
    for (std::size_t i = 0; i < 2000; ++i) {
      ASSERT_EQ(all->u64(0)[i], ~std::uint64_t{0} - i);
      ASSERT_EQ(all->i64(1)[i], static_cast<std::int64_t>(i) - 7);
      ASSERT_EQ(all->f64(2)[i], static_cast<double>(i) / 3);
      ASSERT_EQ(all->flags(3)[i], i % 3 == 0 ? 1 : 0);
      ASSERT_EQ(all->text(5).at(i), "key-" + std::to_string(i));
      ASSERT_EQ(all->bytes(6)[i].size(), 4U);
      ASSERT_EQ(static_cast<unsigned char>(all->bytes(6)[i][0]), i % 256);
      ASSERT_EQ(all->i32(7)[i], static_cast<std::int32_t>(i));
    }
    expect_isos(all->text(4));
    expect_tags(all->columns[8]);
  }
}

TEST(Dataset, ReadsPlainAndDictionaryTextAlike) {
  const auto all =
      open(kData + "pyarrow.parquet").read_all({{"iso", Kind::text}, {"coded", Kind::text}, {"long", Kind::text}});
  ASSERT_TRUE(all) << all.error().message();
  for (std::size_t i = 0; i < 3; ++i) expect_isos(all->text(i));
}

TEST(Dataset, ReadsDictionariesThatOverflowAndSecondVersionPages) {
  const auto all =
      open(kData + "pyarrow_mixed.parquet")
          .read_all({{"u64", Kind::u64}, {"iso", Kind::text}, {"key", Kind::text}, {"tags", Kind::text_list}});
  ASSERT_TRUE(all) << all.error().message();
  expect_isos(all->text(1));
  for (std::size_t i = 0; i < 2000; ++i) {
    ASSERT_EQ(all->u64(0)[i], ~std::uint64_t{0} - i);
    ASSERT_EQ(all->text(2).at(i), "key-" + std::to_string(i));
  }
  expect_tags(all->columns[3]);
}

TEST(Dataset, ReadsRequiredColumns) {
  const auto all = open(kData + "pyarrow_required.parquet")
                       .read_all({{"u64", Kind::u64}, {"iso", Kind::text}, {"tags", Kind::text_list}});
  ASSERT_TRUE(all) << all.error().message();
  expect_isos(all->text(1));
  expect_tags(all->columns[2]);
}

TEST(Dataset, ReadsEveryIntegerThatFits) {
  const auto dataset = open(kData + "pyarrow.parquet");
  const auto all = dataset.read_all({{"u32", Kind::u64},
                                     {"u32", Kind::i64},
                                     {"i32", Kind::i64},
                                     {"i64", Kind::i32},
                                     {"i8", Kind::u64},
                                     {"f32", Kind::f64}});
  ASSERT_TRUE(all) << all.error().message();
  EXPECT_EQ(all->u64(0)[1], 4294967294U);
  EXPECT_EQ(all->i64(1)[0], 4294967295);
  EXPECT_EQ(all->i64(2)[0], -7);
  EXPECT_EQ(all->i32(3)[1999], 1992);
  EXPECT_EQ(all->u64(4)[99], 99U);
  EXPECT_EQ(all->f64(5)[3], 0.75);
  for (const auto& field : Schema{{"u64", Kind::i64}, {"i64", Kind::u64}, {"u32", Kind::i32}, {"u32", Kind::i16}}) {
    const auto read = dataset.read_all({field});
    ASSERT_FALSE(read) << field.name;
    EXPECT_NE(read.error().message().find("row 1: the value"), std::string::npos) << read.error().message();
  }
}

TEST(Dataset, AnotherTypeIsNamed) {
  const auto dataset = open(kData + "pyarrow.parquet");
  const Schema wrong = {{"iso", Kind::u64},       {"u64", Kind::text},  {"f64", Kind::i64},
                        {"i64", Kind::f64},       {"when", Kind::i64},  {"day", Kind::i32},
                        {"i32", Kind::date32},    {"blob", Kind::text}, {"tags", Kind::text},
                        {"iso", Kind::text_list}, {"flag", Kind::i32},  {"numbers", Kind::text_list},
                        {"numbers", Kind::i64},   {"group", Kind::i64}, {"i64", Kind::boolean}};
  for (const auto& field : wrong) {
    const auto read = dataset.read(0, {field});
    ASSERT_FALSE(read) << field.name;
    EXPECT_EQ(read.error().code(), "PW_TABLE");
    EXPECT_NE(read.error().message().find("pyarrow.parquet, column " + field.name), std::string::npos)
        << read.error().message();
  }
}

TEST(Dataset, AMissingColumnIsNamedWithThosePresent) {
  const auto read = open(kData + "polars.parquet").read_all({{"tile_id", Kind::u64}});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), "PW_TABLE");
  EXPECT_NE(read.error().message().find("column tile_id"), std::string::npos);
  EXPECT_NE(read.error().message().find("u64, i64, f64"), std::string::npos);
}

TEST(Dataset, ANullIsNamedByFileColumnAndRow) {
  const auto dataset = open(kData + "faults.parquet");
  for (const auto& field : Schema{{"u64", Kind::u64},
                                  {"f64", Kind::f64},
                                  {"iso", Kind::text},
                                  {"blob", Kind::bytes},
                                  {"flag", Kind::boolean},
                                  {"tags", Kind::text_list},
                                  {"element", Kind::text_list},
                                  {"negative", Kind::u64},
                                  {"large", Kind::i64},
                                  {"bytes", Kind::text}}) {
    const auto read = dataset.read_all({field});
    ASSERT_FALSE(read) << field.name;
    EXPECT_EQ(read.error().code(), "PW_TABLE");
    EXPECT_NE(read.error().message().find("faults.parquet, column " + field.name + ", row 13:"), std::string::npos)
        << read.error().message();
    EXPECT_TRUE(dataset.read(0, {field})) << field.name << ": the first group has no fault";
  }
}

TEST(Dataset, ANullMayBeReadAsNothing) {
  const auto dataset = open(kData + "faults.parquet");
  Schema schema = {
      {"u64", Kind::u64}, {"f64", Kind::f64}, {"iso", Kind::text}, {"blob", Kind::bytes}, {"flag", Kind::boolean}};
  for (auto& field : schema) field.null_as_empty = true;
  const auto all = dataset.read_all(schema);
  ASSERT_TRUE(all) << all.error().message();
  EXPECT_EQ(all->u64(0)[11], 11U);
  EXPECT_EQ(all->u64(0)[12], 0U);
  EXPECT_EQ(all->u64(0)[13], 13U);
  EXPECT_EQ(all->f64(1)[13], 6.5);
  EXPECT_EQ(all->text(2).at(12), "");
  EXPECT_EQ(all->text(2).at(13), "AD");
  EXPECT_EQ(all->bytes(3)[12], "");
  EXPECT_EQ(all->bytes(3)[19], "x");
  EXPECT_EQ(all->flags(4)[12], 0);
}

TEST(Dataset, AFolderIsReadInTheOrderOfItsPaths) {
  const Scratch scratch;
  const auto write = [&](const std::string& name, std::uint64_t id) {
    auto writer = FileWriter::create(scratch / name, {{"id", Kind::u64}});
    ASSERT_TRUE(writer->write({1, {std::vector<std::uint64_t>{id}}}));
    ASSERT_TRUE(writer->close());
  };
  write("country=DE/part-00000.parquet", 3);
  write("b.parquet", 1);
  write("country=AT/part-00001.parquet", 2);
  write("Z.parquet", 0);
  put(scratch / "note.txt", "no table");
  const auto dataset = open(scratch.path());
  EXPECT_EQ(dataset.files().size(), 4U);
  const auto all = dataset.read_all({{"id", Kind::u64}});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->u64(0), (std::vector<std::uint64_t>{0, 1, 2, 3}));
  std::uint64_t bytes = 0;
  for (const auto& file : dataset.files()) bytes += std::filesystem::file_size(file);
  EXPECT_EQ(dataset.file_bytes(), bytes);
}

TEST(Dataset, MoreFilesThanStayOpenAreReadInAnyOrder) {
  const Scratch scratch;
  work::Pool pool(2);
  PartsWriter writer(scratch.path(), kEveryKind, 20, pool);
  ASSERT_TRUE(writer.write(sample(0, 2000)));
  ASSERT_TRUE(writer.close());
  const auto dataset = open(scratch.path());
  ASSERT_EQ(dataset.groups(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    const auto group = i * 37 % 100;
    const auto read = dataset.read(group, kEveryKind);
    ASSERT_TRUE(read);
    expect_equal(*read, sample(group * 20, 20));
  }
}

TEST(Dataset, ManyThreadsReadAtOnce) {
  const Scratch scratch;
  work::Pool pool(2);
  WriteOptions options;
  options.rows_per_group = 50;
  PartsWriter writer(scratch.path(), kEveryKind, 200, pool, options);
  ASSERT_TRUE(writer.write(sample(0, 10'000)));
  ASSERT_TRUE(writer.close());
  const auto dataset = open(scratch.path());
  std::vector<int> wrong(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < dataset.groups(); ++i) {
        const auto group = (i * 7 + t * 31) % dataset.groups();
        const auto read = dataset.read(group, kEveryKind);
        wrong[t] += !read || read->u64(0) != sample(group * 50, 50).u64(0);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(8, 0));
}

TEST(Dataset, MissingPathsAndEmptyFoldersAreInputErrors) {
  const Scratch scratch;
  EXPECT_EQ(Dataset::open(scratch / "none").error().code(), "PW_INPUT");
  EXPECT_EQ(Dataset::open(scratch.path()).error().code(), "PW_INPUT");
}

TEST(Dataset, EveryShortenedFileIsAnErrorThatNamesIt) {
  const Scratch scratch;
  const auto whole = content(kData + "null_geometry.parquet");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(scratch / "cut.parquet", std::string_view(whole).substr(0, size));
    const auto dataset = Dataset::open(scratch / "cut.parquet");
    ASSERT_FALSE(dataset) << size;
    EXPECT_EQ(dataset.error().code(), "PW_TABLE");
    EXPECT_NE(dataset.error().message().find("cut.parquet"), std::string::npos);
  }
}

// Either an error or a batch of the promised shape; a damaged value in an uncompressed page cannot be told.
void read_damaged(const std::filesystem::path& file, const Schema& schema) {
  const auto dataset = Dataset::open(file);
  if (!dataset) return;
  if (dataset->rows() > 1'000'000) return;
  for (std::size_t group = 0; group < dataset->groups(); ++group) {
    const auto read = dataset->read(group, schema);
    if (!read) continue;
    for (const auto& column : read->columns) {
      if (const auto* text = std::get_if<TextColumn>(&column)) {
        ASSERT_EQ(text->codes.size(), read->rows);
        for (const auto code : text->codes) ASSERT_LT(code, text->dictionary.size());
      }
    }
  }
}

TEST(Dataset, NoDamageBreaksTheReader) {
  const Scratch scratch;
  const Schema schema = {{"u64", Kind::u64}, {"iso", Kind::text}, {"tags", Kind::text_list}};
  std::mt19937 random(11);
  for (const auto* name : {"pyarrow_required.parquet", "pyarrow_mixed.parquet", "duckdb.parquet"}) {
    const auto whole = content(kData + name);
    for (int round = 0; round < 150; ++round) {
      auto bytes = whole;
      // Half of the rounds hit the footer, where the counts are.
      const std::size_t from = round % 2 == 0 ? 0 : bytes.size() - std::min<std::size_t>(bytes.size(), 2500);
      for (unsigned change = 0; change < 1 + random() % 3; ++change)
        bytes[from + random() % (bytes.size() - from)] = static_cast<char>(random());
      put(scratch / "damaged.parquet", bytes);
      read_damaged(scratch / "damaged.parquet", schema);
    }
  }
}

// Found by fuzzing: 938 bytes whose dictionary claims 939 million numbers.
TEST(Dataset, ADictionaryOfGigabytesIsRefusedBeforeItIsMade) {
  const auto dataset = open(kData + "claimed_dictionary.parquet");
  std::string told;
  for (const auto* column : {"first_tile_id", "length", "weight_fp", "dp"}) {
    const auto read = dataset.read(0, {{column, Kind::i64}});
    if (!read && read.error().code() == "PW_TABLE") told += read.error().message();
  }
  EXPECT_NE(told.find("it claims 7516192768 bytes"), std::string::npos) << told;
}

TEST(Dataset, DamageInsideOurPagesIsNoticed) {
  const Scratch scratch;
  auto writer = FileWriter::create(scratch / "a.parquet", {{"id", Kind::f64, Encoding::plain}});
  std::vector<double> values(1000);
  std::mt19937_64 random(3);
  for (auto& value : values) value = static_cast<double>(random());
  ASSERT_TRUE(writer->write({1000, {values}}));
  ASSERT_TRUE(writer->close());
  auto bytes = content(scratch / "a.parquet");
  for (std::size_t at = 100; at < 7000; at += 500) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put(scratch / "b.parquet", damaged);
    const auto read = open(scratch / "b.parquet").read_all({{"id", Kind::f64}});
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().code(), "PW_TABLE");
    EXPECT_NE(read.error().message().find("b.parquet, column id, row 1"), std::string::npos) << read.error().message();
  }
}

}  // namespace
}  // namespace placewright::table
