#include "catalogue/import.hpp"

#include <zlib.h>
#include <zstd.h>

#include <random>

#include "catalogue/check.hpp"
#include "catalogue/merchants.hpp"
#include "scratch.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

// "line column value code" of every bad line.
std::vector<std::string> rejects_of(const Result<ImportReport>& report) {
  std::vector<std::string> out;
  if (!report) return {report.error().code() + ": " + report.error().message()};
  for (const auto& reject : report->rejects) {
    out.push_back(std::to_string(reject.line) + " " + reject.column + " " + reject.value + " " + reject.code);
  }
  return out;
}

using Lines = std::vector<std::string>;

std::string gzipped(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

const std::string kCounts = "merchant_id,country_iso,outlets\n18446744073709551615,NA,3\n7,DE,2\n7,AT,2\n";

}  // namespace

TEST(Import, ReadsCountRowsOverTheWholeRangeOfIds) {
  const Scratch scratch;
  const auto report = scratch.import(kCounts, "pack");
  ASSERT_TRUE(report && !report->refused) << rejects_of(report)[0];
  EXPECT_EQ(report->rows, 3U);
  EXPECT_EQ(report->merchants, 2U);
  EXPECT_EQ(report->outlets, 7U);
  EXPECT_FALSE(report->outlet_rows);
  // Home: most outlets, ties to the smaller code.
  const std::vector<PackRow> want = {{7, "AT", "AT", 2}, {7, "AT", "DE", 2}, {18446744073709551615U, "NA", "NA", 3}};
  EXPECT_EQ(rows_of(scratch.path("pack")), want);
}

TEST(Import, ReadsOutletRowsAndNumbersThemByKey) {
  const Scratch scratch;
  const auto report = scratch.import(
      "outlet_key,merchant_key,country,home_country_iso\nz,ACME,fr,DE\na,ACME, FRA ,\nm,ACME,DE,\n\"a \"\"b\"\"\",\xC3\x96l,NA,\n", "pack");
  ASSERT_TRUE(report && !report->refused) << rejects_of(report)[0];
  EXPECT_TRUE(report->outlet_rows);
  const auto rows = rows_of(scratch.path("pack"));
  ASSERT_EQ(rows.size(), 3U);
  const auto keys = table::Dataset::open(scratch.path("pack") / "outlet_keys.parquet");
  ASSERT_TRUE(keys);
  const auto batch = keys->read_all({{"legal_country_iso", table::Kind::text}, {"site_order", table::Kind::i64}, {"outlet_key", table::Kind::text}});
  ASSERT_TRUE(batch);
  std::vector<std::string> got;
  for (std::size_t i = 0; i < batch->rows; ++i) {
    got.push_back(std::string(batch->text(0).at(i)) + std::to_string(batch->i64(1)[i]) + std::string(batch->text(2).at(i)));
  }
  std::ranges::sort(got);
  EXPECT_EQ(got, (Lines{"DE1m", "FR1a", "FR2z", "NA1a \"b\""}));
}

TEST(Import, AcceptsByteOrderMarkCrLfBlankLinesAndAMissingLastLineEnd) {
  const Scratch scratch;
  const auto plain = scratch.import(kCounts, "plain");
  const auto windows = scratch.import(
      "\xEF\xBB\xBFmerchant_id,country_iso,outlets\r\n18446744073709551615,NA,3\r\n\r\n7,DE,2\r\n\"7\",AT,\"2\"", "windows");
  ASSERT_TRUE(windows && !windows->refused) << rejects_of(windows)[0];
  EXPECT_EQ(windows->rows, 3U);
  EXPECT_EQ(rows_of(scratch.path("windows")), rows_of(scratch.path("plain")));
}

TEST(Import, ReportsEveryBadLineWithLineColumnValueAndCode) {
  const Scratch scratch;
  const auto report = scratch.import(
      "merchant_id,country_iso,outlets,note\n"
      "1,DE,0,\n1,FR,-1,\n1,GB,1.5,\n1,US,10000000,\n0,DE,1,\n+5,DE,1,\n18446744073709551616,DE,1,\n1.0,DE,1,\n"
      "2,XX,1,\n2,UK,1,\n2,,1,\n2,DE\n\"2\"x,DE,1,\n2,DE,1,\"two\nlines\"\n2,de,5,\n2,DE,99999999999999999999,\n");
  EXPECT_EQ(rejects_of(report),
            (Lines{"2 outlets 0 IMP_BAD_COUNT", "3 outlets -1 IMP_BAD_COUNT", "4 outlets 1.5 IMP_BAD_COUNT",
                   "5 outlets 10000000 IMP_COUNT_OVERFLOW", "6 merchant_id 0 IMP_BAD_ID", "7 merchant_id +5 IMP_BAD_ID",
                   "8 merchant_id 18446744073709551616 IMP_BAD_ID", "9 merchant_id 1.0 IMP_BAD_ID",
                   "10 country_iso XX IMP_BAD_COUNTRY", "11 country_iso UK IMP_BAD_COUNTRY", "12 country_iso  IMP_BAD_COUNTRY",
                   "13  2,DE IMP_FIELDS", "14  \"2\"x,DE,1, IMP_QUOTE", "17 country_iso DE IMP_DUP_PAIR",
                   "18 outlets 99999999999999999999 IMP_COUNT_OVERFLOW"}));
  ASSERT_TRUE(report->refused);
  EXPECT_EQ(report->refused->code(), "IMP_BAD_COUNT");
  EXPECT_EQ(report->rejects_total, 15U);
  EXPECT_EQ(report->ignored_columns, Lines{"note"});
}

// One file a code of the importer, with the bad line it must name: the whole of the law, row by row.
TEST(Import, EveryCodeOfABadLineIsReachedAndPlaced) {
  struct Case {
    const char *code, *text, *want;  // want: line, column, value
  };
  constexpr Case kCases[] = {
      {"IMP_BAD_ID", "merchant_id,country_iso\n1,DE\n0,DE\n", "3 merchant_id 0"},
      {"IMP_BAD_ID", "merchant_id,country_iso\n18446744073709551616,DE\n", "2 merchant_id 18446744073709551616"},
      {"IMP_BAD_ID", "merchant_id,country_iso\n-1,DE\n", "2 merchant_id -1"},
      {"IMP_BAD_ID", "merchant_id,country_iso\n1e3,DE\n", "2 merchant_id 1e3"},
      {"IMP_BAD_ID", "merchant_id,country_iso\n,DE\n", "2 merchant_id "},
      {"IMP_BAD_ID", "country,merchant_key\nDE,\n", "2 merchant_key "},
      {"IMP_BAD_COUNTRY", "merchant_id,country\n1,NAN\n", "2 country NAN"},
      {"IMP_BAD_COUNTRY", "merchant_id,country_iso,home_country_iso\n1,DE,QQ\n", "2 home_country_iso QQ"},
      {"IMP_COUNTRY_NOT_PLACEABLE", "merchant_id,legal_country_iso,n_sites\n1,DE,1\n1,AQ,1\n", "3 legal_country_iso AQ"},
      {"IMP_COUNTRY_NOT_PLACEABLE", "merchant_id,country_iso\n1,ata\n", "2 country_iso ata"},
      {"IMP_BAD_COUNT", "merchant_id,country_iso,count\n1,DE,\n", "2 count "},
      {"IMP_BAD_COUNT", "merchant_id,country_iso,outlets\n1,DE,2\n1,FR,0\n", "3 outlets 0"},
      {"IMP_COUNT_OVERFLOW", "merchant_id,country_iso,outlets\n1,DE,1000000\n", "2 outlets 1000000"},
      {"IMP_DUP_PAIR", "merchant_id,country_iso,outlets\n1,DE,2\n1,deu,2\n", "3 country_iso DE"},
      {"IMP_DUP_OUTLET", "merchant_id,country_iso,outlet_key\n1,DE,a\n1,FR,a\n", "3 outlet_key a"},
      {"IMP_BAD_OUTLET_KEY", "merchant_id,country_iso,outlet_key\n1,DE,\n", "2 outlet_key "},
      {"IMP_HOME_CONFLICT", "merchant_id,country_iso,home_country_iso\n1,DE,DE\n1,DE,FR\n", "3 home_country_iso FR"},
      {"IMP_BAD_ORIENTATION", "merchant_id,country_iso,orientation\n1,DE,nan\n", "2 orientation nan"},
      {"IMP_BAD_ORIENTATION", "merchant_id,country_iso,outlets,orientation\n1,DE,4,1.0000001\n", "2 orientation 1.0000001"},
      {"IMP_ORIENTATION_CONFLICT", "merchant_id,country_iso,outlets,orientation\n1,DE,4,0\n1,FR,4,1\n", "3 orientation 1.0"},
      {"IMP_QUOTE", "merchant_id,country_iso\n1,D\"E\n", "2  1,D\"E"},
      {"IMP_FIELDS", "merchant_id,country_iso\n1,DE,9\n", "2  1,DE,9"},
  };
  const Scratch scratch;
  work::Pool pool(1);
  for (const auto& c : kCases) {
    ImportOptions options;
    options.file = scratch.write("one.csv", c.text);
    options.without_tiles = {*Iso::parse("AQ")};
    const auto report = import_file(options, pool);
    EXPECT_EQ(rejects_of(report), Lines{std::string(c.want) + " " + c.code}) << c.text;
    ASSERT_TRUE(report && report->refused);
    EXPECT_EQ(report->refused->code(), c.code);
    EXPECT_EQ(report->rejects_by_code.at(c.code), 1U);
  }
}

TEST(Import, DropsAsManyBadLinesAsAllowedAndKeepsTheRest) {
  const Scratch scratch;
  const std::string text = "merchant_id,country_iso,outlets\n1,DE,2\n1,DE,3\n1,XX,1\n";
  EXPECT_TRUE(scratch.import(text, "pack", 1)->refused);
  EXPECT_FALSE(std::filesystem::exists(scratch.path("pack")));
  EXPECT_EQ(Scratch::read(scratch.path("pack.rejects.csv")),
            "line,column,value,code\n4,country_iso,XX,IMP_BAD_COUNTRY\n3,country_iso,DE,IMP_DUP_PAIR\n");
  EXPECT_FALSE(scratch.import(text, "pack", 2)->refused);
  EXPECT_EQ(rows_of(scratch.path("pack")), (std::vector<PackRow>{{1, "DE", "DE", 2}}));
}

TEST(Import, ShowsTheFirstThousandBadLinesAndFilesAll) {
  const Scratch scratch;
  std::string text = "merchant_id,country_iso,outlets\n";
  for (int i = 0; i < 2500; ++i) text += "x,DE,1\n";
  const auto report = scratch.import(text, "pack");
  EXPECT_EQ(report->rejects.size(), kRejectsShown);
  EXPECT_EQ(report->rejects.back().line, 1001U);
  EXPECT_EQ(report->rejects_total, 2500U);
  const auto file = Scratch::read(report->rejects_file);
  EXPECT_EQ(std::ranges::count(file, '\n'), 2501);
}

TEST(Import, HoldsMerchantsToOneHomeOneOrientationAndDistinctOutletKeys) {
  const Scratch scratch;
  EXPECT_EQ(rejects_of(scratch.import("merchant_id,country_iso,outlets,home_country_iso\n1,DE,1,DE\n1,FR,1,\n1,AT,1,FR\n")),
            (Lines{"4 home_country_iso FR IMP_HOME_CONFLICT"}));
  EXPECT_EQ(rejects_of(scratch.import("merchant_id,country_iso,orientation\n1,DE,0.5\n1,FR,1e0\n2,DE,1.1\n2,DE,-0.1\n2,DE,x\n2,DE,\n")),
            (Lines{"3 orientation 1.0 IMP_ORIENTATION_CONFLICT", "4 orientation 1.1 IMP_BAD_ORIENTATION",
                   "5 orientation -0.1 IMP_BAD_ORIENTATION", "6 orientation x IMP_BAD_ORIENTATION"}));
  EXPECT_EQ(rejects_of(scratch.import("merchant_id,country_iso,outlet_key\n1,FR,a\n1,DE,a\n2,DE,a\n2,DE,\n")),
            (Lines{"3 outlet_key a IMP_DUP_OUTLET", "5 outlet_key  IMP_BAD_OUTLET_KEY"}));
}

TEST(Import, KeepsTheOrientationOfMerchantsThatHaveOne) {
  const Scratch scratch;
  const auto report = scratch.import("merchant_id,country_iso,orientation\n1,DE,0.25\n1,FR,\n2,DE,\n", "pack");
  ASSERT_TRUE(report && !report->refused);
  std::vector<double> got;
  const auto pack = open_pack(scratch.path("pack"));
  ASSERT_TRUE(pack && pack->has_orientation);
  ASSERT_TRUE(for_each_merchant(*pack, [&](const Merchant& merchant) -> Result<void> {
    got.push_back(merchant.orientation);
    return {};
  }));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0], 0.25);
  EXPECT_TRUE(got[1] != got[1]);
}

TEST(Import, RefusesAPairOfAMillionOutletRowsAndTakesOneLess) {
  const Scratch scratch;
  std::string text = "merchant_id,country_iso\n";
  for (int i = 0; i < 999'999; ++i) text += "1,DE\n";
  EXPECT_FALSE(scratch.import(text)->refused);
  EXPECT_EQ(rejects_of(scratch.import(text + "1,DE\n")), (Lines{"2 country_iso DE: 1000000 IMP_COUNT_OVERFLOW"}));
  EXPECT_FALSE(scratch.import("merchant_id,country_iso,outlets\n1,DE,999999\n")->refused);
  EXPECT_EQ(rejects_of(scratch.import("merchant_id,country_iso,outlets\n1,DE,1000000\n")),
            (Lines{"2 outlets 1000000 IMP_COUNT_OVERFLOW"}));
}

TEST(Import, NamesColumnsThatAreMissingOrExcludeEachOther) {
  const Scratch scratch;
  EXPECT_EQ(scratch.import("id,country_iso\n1,DE\n").error().code(), "IMP_COLUMN_MISSING");
  EXPECT_EQ(scratch.import("merchant_id,land\n1,DE\n").error().code(), "IMP_COLUMN_MISSING");
  const auto semicolons = scratch.import("merchant_id;country_iso\n1;DE\n");
  EXPECT_NE(semicolons.error().message().find("commas"), std::string::npos);
  for (const auto* header : {"merchant_id,merchant_key,country", "merchant_id,country,country_iso", "merchant_id,country,outlets,count",
                             "merchant_id,country,outlets,outlet_key", "merchant_id,Merchant_ID,country"}) {
    EXPECT_EQ(scratch.import(header).error().code(), "IMP_COLUMN_AMBIGUOUS") << header;
  }
}

TEST(Import, RefusesEmptyFilesAndFilesThatAreNotUtf8) {
  const Scratch scratch;
  EXPECT_EQ(scratch.import("").error().code(), "IMP_EMPTY");
  EXPECT_EQ(scratch.import("merchant_id,country_iso\n")->refused->code(), "IMP_EMPTY");
  const auto latin1 = scratch.import("merchant_key,country_iso\nA,DE\nM\xFCller,DE\n");
  ASSERT_FALSE(latin1);
  EXPECT_EQ(latin1.error().code(), "IMP_ENCODING");
  EXPECT_NE(latin1.error().message().find("line 3"), std::string::npos);
  EXPECT_EQ(scratch.import("\xFF\xFEm\0e\0").error().code(), "IMP_ENCODING");
  work::Pool pool(1);
  ImportOptions options;
  options.file = scratch.path("absent.csv");
  EXPECT_EQ(import_file(options, pool).error().code(), "PW_INPUT");
}

TEST(Import, RefusesOutletsWhereNoTileIs) {
  const Scratch scratch;
  work::Pool pool(1);
  ImportOptions options;
  options.file = scratch.write("c.csv", "merchant_id,country_iso,outlets\n1,DE,2\n1,AQ,3\n1,MC,4\n");
  options.without_tiles = {*Iso::parse("AQ")};
  const auto report = import_file(options, pool);
  EXPECT_EQ(rejects_of(report), (Lines{"3 country_iso AQ IMP_COUNTRY_NOT_PLACEABLE"}));
  const auto check = check_file(options, {*Iso::parse("MC")}, pool);
  ASSERT_TRUE(check);
  ASSERT_TRUE(check->import.refused);
  EXPECT_EQ(check->import.refused->code(), "IMP_COUNTRY_NOT_PLACEABLE");
  EXPECT_EQ(check->import.outlets, 6U);
  ASSERT_EQ(check->concerns.size(), 1U);
  EXPECT_EQ(check->concerns[0].country.text(), "MC");
  EXPECT_EQ(check->concerns[0].outlets, 4U);
  EXPECT_EQ(check->to_place, 2U);
}

TEST(Import, UnpacksGzipAndZstandardOfSeveralPieces) {
  const Scratch scratch;
  work::Pool pool(2);
  const auto half = kCounts.size() / 2;
  const auto first = kCounts.substr(0, half);
  const auto second = kCounts.substr(half);
  ASSERT_TRUE(scratch.import(kCounts, "plain"));
  for (const auto& [name, bytes] : {std::pair<const char*, std::string>{"a.csv.gz", gzipped(first) + gzipped(second)},
                                    {"a.csv.zst", zstandard(first) + zstandard(second)}}) {
    ImportOptions options;
    options.file = scratch.write(name, bytes);
    options.out = scratch.path(std::string(name) + ".pack");
    const auto report = import_file(options, pool);
    ASSERT_TRUE(report && !report->refused) << name;
    EXPECT_EQ(rows_of(options.out), rows_of(scratch.path("plain")));
    options.file = scratch.write(name, bytes.substr(0, bytes.size() - 5));
    const auto cut = import_file(options, pool);
    ASSERT_FALSE(cut) << name;
    EXPECT_EQ(cut.error().code(), "IMP_COMPRESSION") << name;
  }
}

TEST(Import, GivesUpOnBombsInLittleMemory) {
  const Scratch scratch;
  work::Pool pool(2);
  // A line of 64 MiB in some 64 KiB, and rows beyond the memory an import may use.
  ImportOptions options;
  options.file = scratch.write("line.csv.gz", gzipped("merchant_id,country_iso\n" + std::string(std::size_t{64} << 20, '1')));
  EXPECT_EQ(import_file(options, pool).error().code(), "IMP_LINE_TOO_LONG");
  std::string rows = "merchant_id,country_iso,outlets\n";
  for (int i = 1; i <= 200'000; ++i) rows += std::to_string(i) + ",DE,1\n";
  options.file = scratch.write("rows.csv.zst", zstandard(rows));
  options.memory = std::uint64_t{1} << 20;
  EXPECT_EQ(import_file(options, pool).error().code(), "IMP_TOO_LARGE");
}

TEST(Import, FoldsOutletRowsWhenMemoryRunsShort) {
  const Scratch scratch;
  std::string text = "merchant_id,country_iso\n";
  std::mt19937_64 draw(3);
  for (int i = 0; i < 300'000; ++i) text += std::to_string(1 + draw() % 500) + (draw() % 2 ? ",DE\n" : ",FR\n");
  work::Pool pool(2);
  ImportOptions options;
  options.file = scratch.write("c.csv", text);
  options.memory = std::uint64_t{8} << 20;
  const auto report = import_file(options, pool);
  ASSERT_TRUE(report && !report->refused);
  EXPECT_EQ(report->pairs, 1000U);
  EXPECT_EQ(report->outlets, 300'000U);
}

TEST(Import, GivesTheSamePackOnAnyNumberOfThreads) {
  const Scratch scratch;
  std::string text = "merchant_id,country_iso,outlet_key,home_country_iso\n";
  std::mt19937_64 draw(11);
  for (int i = 0; i < 200'000; ++i) {
    const auto merchant = draw() % 3000;
    text += std::to_string(merchant * 6148914691236517U + 1) + (draw() % 3 ? ",DE," : ",FR,") + "k" + std::to_string(i) + ",DE\n";
  }
  const auto one = scratch.import(text, "one", 0, 1);
  const auto four = scratch.import(text, "four", 0, 4);
  ASSERT_TRUE(one && four && !one->refused && !four->refused);
  EXPECT_EQ(one->pack_digest, four->pack_digest);
  EXPECT_FALSE(one->pack_digest.empty());
}

TEST(Import, GivesTheSamePairsWhateverTheOrderOfTheLines) {
  const Scratch scratch;
  std::vector<std::string> lines;
  for (int merchant = 1; merchant < 400; ++merchant) {
    for (const auto* country : {"DE", "FR", "NA"}) lines.push_back(std::to_string(merchant) + "," + country + "," + std::to_string(merchant % 7 + 1) + "\n");
  }
  const auto text = [&] {
    std::string out = "merchant_id,country_iso,outlets\n";
    for (const auto& line : lines) out += line;
    return out;
  };
  ASSERT_TRUE(scratch.import(text(), "sorted"));
  std::mt19937_64 draw(5);
  std::ranges::shuffle(lines, draw);
  ASSERT_TRUE(scratch.import(text(), "shuffled"));
  EXPECT_EQ(Scratch::read(scratch.path("sorted") / "pairs.parquet"), Scratch::read(scratch.path("shuffled") / "pairs.parquet"));
}

TEST(Import, ReadsParquetAsItReadsCsv) {
  const Scratch scratch;
  auto writer = table::FileWriter::create(scratch.path("c.parquet"), {{"merchant_id", table::Kind::u64}, {"country_iso", table::Kind::text}, {"count", table::Kind::i32}});
  ASSERT_TRUE(writer);
  table::Batch batch;
  batch.rows = 4;
  batch.columns.emplace_back(std::vector<std::uint64_t>{18446744073709551615U, 7, 7, 0});
  batch.columns.emplace_back(table::TextColumn{{"NA", "DEU", "at"}, {0, 1, 2, 1}});
  batch.columns.emplace_back(std::vector<std::int32_t>{3, 2, 2, 1});
  ASSERT_TRUE(writer->write(batch) && writer->close());
  ASSERT_TRUE(scratch.import(kCounts, "csv"));
  work::Pool pool(2);
  ImportOptions options;
  options.file = scratch.path("c.parquet");
  options.out = scratch.path("pack");
  EXPECT_EQ(rejects_of(import_file(options, pool)), (Lines{"4 merchant_id 0 IMP_BAD_ID"}));
  options.max_rejects = 1;
  ASSERT_FALSE(import_file(options, pool)->refused);
  EXPECT_EQ(rows_of(scratch.path("pack")), rows_of(scratch.path("csv")));
}

// Both ends of the ids and Namibia, in every dress; orientation in both shapes.
TEST(Import, KeepsIdsNamibiaAndOrientationInEveryForm) {
  const Scratch scratch;
  work::Pool pool(2);
  const std::string text = "merchant_id,country_iso,orientation\n18446744073709551615,NA,0.75\n9223372036854775808,NA,\n1,NA,0\n";
  const std::string counts = "merchant_id,country_iso,outlets,orientation\n18446744073709551615,NA,1,0.75\n9223372036854775808,NA,1,\n1,NA,1,0\n";
  scratch.write("a.csv", text);
  scratch.write("a.csv.gz", gzipped(text));
  scratch.write("a.csv.zst", zstandard(text));
  scratch.write("b.csv", counts);
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  for (const bool with_count : {false, true}) {
    table::Schema schema = {{"merchant_id", table::Kind::u64}, {"country_iso", table::Kind::text}, {"orientation", table::Kind::f64}};
    table::Batch batch;
    batch.rows = 3;
    batch.columns.emplace_back(std::vector<std::uint64_t>{18446744073709551615U, 9223372036854775808U, 1});
    batch.columns.emplace_back(table::TextColumn::repeated("NA", 3));
    batch.columns.emplace_back(std::vector<double>{0.75, nan, 0});
    if (with_count) schema.push_back({"outlets", table::Kind::i64});
    if (with_count) batch.columns.emplace_back(std::vector<std::int64_t>{1, 1, 1});
    auto writer = table::FileWriter::create(scratch.path(with_count ? "b.parquet" : "a.parquet"), schema);
    ASSERT_TRUE(writer && writer->write(batch) && writer->close());
  }
  for (const auto* name : {"a.csv", "a.csv.gz", "a.csv.zst", "a.parquet", "b.csv", "b.parquet"}) {
    ImportOptions options;
    options.file = scratch.path(name);
    options.out = scratch.path(std::string("pack-") + name);
    const auto report = import_file(options, pool);
    ASSERT_TRUE(report && !report->refused) << name << ": " << rejects_of(report)[0];
    EXPECT_EQ(rows_of(options.out), (std::vector<PackRow>{{1, "NA", "NA", 1}, {9223372036854775808U, "NA", "NA", 1},
                                                          {18446744073709551615U, "NA", "NA", 1}})) << name;
    std::vector<double> got;
    const auto pack = open_pack(options.out);
    ASSERT_TRUE(pack && for_each_merchant(*pack, [&](const Merchant& merchant) -> Result<void> {
      got.push_back(merchant.orientation);
      return {};
    }));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0], 0.0) << name;
    EXPECT_TRUE(got[1] != got[1]) << name;
    EXPECT_EQ(got[2], 0.75) << name;
  }
}

TEST(Import, NoticesTwoMerchantKeysOnOneId) {
  // No two such keys are known; the law is shown on rows that claim to come from them.
  std::vector<Row> rows(2);
  for (auto& row : rows) row.merchant = 9, row.outlets = 1, row.country = *Iso::parse("DE");
  rows[0].line = 2, rows[0].check = 100;
  rows[1].line = 3, rows[1].check = 200;
  const auto columns = find_columns({"merchant_key", "country_iso"});
  RejectLog log({});
  ASSERT_TRUE(check_merchants(rows, *columns, RowStore(1 << 20, true), log));
  ImportReport report;
  ASSERT_TRUE(log.finish(report));
  ASSERT_EQ(report.rejects.size(), 1U);
  EXPECT_EQ(report.rejects[0].code, "IMP_ID_COLLISION");
  EXPECT_EQ(report.rejects[0].line, 3U);
}

}  // namespace placewright::catalogue
