#include "placewright/score.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.hpp"
#include "catalogue/source.hpp"
#include "contracts/dictionary.hpp"
#include "pipeline/status.hpp"
#include "realism/certify.hpp"
#include "realism/grade.hpp"
#include "realism/legacy.hpp"
#include "realism/likeness.hpp"
#include "realism/run_files.hpp"
#include "realism/tables.hpp"
#include "realism/words.hpp"
#include "store/files.hpp"

namespace placewright {
namespace {

namespace fs = std::filesystem;
using realism::Frame;

Result<std::string> unpacked(const fs::path& file) {
  PW_TRY(auto source, catalogue::open_source(file));
  std::string text;
  for (std::size_t got = 1; got > 0;) {
    const auto filled = text.size();
    text.resize(filled + (1U << 20));
    PW_TRY(got, source->read(text.data() + filled, 1U << 20));
    text.resize(filled + got);
  }
  return text;
}

Result<Frame> read_points(const fs::path& file, work::Pool& pool) {
  if (file.extension() == ".parquet" || fs::is_directory(file)) return realism::read_frame(file, pool);
  PW_TRY(const auto text, unpacked(file));
  return realism::parse_frame(text, file.string());
}

Result<Frame> placed_sites(const LikenessOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  if (options.run_folder.empty() == options.sites.empty())
    return Error("PW_USAGE", "give a run folder or --sites FILE, one of both");
  if (!options.sites.empty()) return read_points(options.sites, pool);
  PW_TRY(const auto run, realism::open_run(options.run_folder, dictionary));
  return realism::read_sites(run, pool);
}

// Half to even, as numpy rounds.
void round_to(Frame& frame, int decimals) {
  const double scale = std::pow(10, decimals);
  for (auto* column : {&frame.lon, &frame.lat}) {
    for (auto& value : *column) value = std::nearbyint(value * scale) / scale;
  }
}

Frame chosen(const Frame& frame, std::uint64_t merchant, std::optional<Iso> country) {
  Frame out;
  for (std::size_t row = 0; row < frame.size(); ++row) {
    if ((merchant == 0 || frame.merchant[row] == merchant) && (!country || frame.country[row] == *country))
      out.push(frame, row);
  }
  return out;
}

using realism::fixed;

std::string likeness_text(const realism::Likeness& all) {
  std::string out =
      "country     real   placed  shared_mass_50  within_10km   nn_ks  real p50/p90/p99 m       placed p50/p90/p99 m\n";
  const auto quantiles = [](const realism::NeighbourQuantiles& q) {
    return fixed(q.p50_m, 0) + "/" + fixed(q.p90_m, 0) + "/" + fixed(q.p99_m, 0);
  };
  for (const auto& c : all.countries) {
    out += c.country.text() + realism::right(std::to_string(c.real), 14) + realism::right(std::to_string(c.placed), 9) +
           realism::right(fixed(c.shared_mass_50, 4), 16) + realism::right(fixed(c.within_10km, 4), 13) +
           realism::right(fixed(c.nn_ks, 4), 8) + "  " + quantiles(c.real_nn) + "  " + quantiles(c.placed_nn) + "\n";
  }
  return out + "all" + realism::right(fixed(all.shared_mass_50, 4), 38) +
         realism::right(fixed(all.within_10km, 4), 13) + realism::right(fixed(all.nn_ks, 4), 8);
}

Result<void> likeness_into(const LikenessOptions& options, ScoreResult& result) {
  work::Pool pool(options.threads);
  PW_TRY(const auto dictionary, contracts::Dictionary::built_in());
  std::optional<Iso> country;
  if (!options.country.empty() && !(country = Iso::parse(options.country))) {
    return Error("PW_USAGE", "--country takes two letters such as US, not " + options.country);
  }
  PW_TRY(auto real, read_points(options.real, pool));
  PW_TRY(auto placed, placed_sites(options, dictionary, pool));
  real = chosen(real, 0, country);
  placed = chosen(placed, options.merchant, country);
  if (options.round >= 0) round_to(real, options.round), round_to(placed, options.round);
  PW_TRY(const auto all, realism::likeness(real, placed, options.min_sites, pool));
  result.json = spaced(realism::as_json(all));
  result.text = likeness_text(all);
  if (options.map.empty()) return {};
  PW_CHECK(
      store::write_text(fs::absolute(options.map), realism::likeness_map(real, placed, all.countries.front().country)));
  result.files = {options.map};
  return {};
}

constexpr std::pair<std::string_view, realism::Scorer> kScorers[] = {
    {"p0", realism::score_p0}, {"p1", realism::score_p1}, {"p2", realism::score_p2},
    {"p3", realism::score_p3}, {"p4", realism::score_p4}, {"p4r3", realism::score_p4r3}};

Result<void> legacy_into(const LegacyScoreOptions& o, ScoreResult& result) {
  const auto* scorer =
      std::ranges::find(kScorers, std::string_view(o.scorer), &std::pair<std::string_view, realism::Scorer>::first);
  if (scorer == std::end(kScorers)) return Error("PW_USAGE", "there is no scorer " + o.scorer);
  work::Pool pool(o.threads);
  PW_TRY(const auto dictionary, contracts::Dictionary::built_in());
  const realism::LegacyOptions options{o.runs_root, o.run_id, o.against_run_id, o.baseline_json, o.policy,
                                       o.regions,   o.out,    o.upstream_root,  o.wave,          o.max_shortlist};
  PW_TRY(const auto made, scorer->second(options, dictionary, pool));
  result.json = made.main.dump(1, ' ', true);
  for (const auto& file : made.files) result.files.push_back(file.generic_string());
  return {};
}

// "B", "placement:B_plus", "legacy:B": of which grade, and the level asked for.
Result<void> check_level(const std::string& require, const realism::Grade& grade) {
  if (require.empty()) return {};
  const auto colon = require.find(':');
  const auto which = colon == std::string::npos ? std::string("grade") : require.substr(0, colon);
  const auto level = colon == std::string::npos ? require : require.substr(colon + 1);
  if (which != "grade" && which != "placement" && which != "legacy")
    return Error("PW_USAGE", "--require knows no " + which);
  if (level != "B" && level != "B_plus") return Error("PW_USAGE", "--require takes B or B_plus, not " + level);
  const auto wanted = level == "B" ? realism::Level::b : realism::Level::b_plus;
  const auto reached = which == "grade"       ? grade.level
                       : which == "placement" ? grade.placement_level
                                              : grade.legacy_level;
  if (reached >= wanted) return {};
  return Error("RS_BELOW_LEVEL", which + " is " + std::string(name_of(reached)) + ", not " + level);
}

Result<void> run_into(const ScoreOptions& options, ScoreResult& result) {
  work::Pool pool(options.threads);
  PW_TRY(const auto dictionary, contracts::Dictionary::built_in());
  PW_TRY(const auto run, realism::open_run(options.run_folder, dictionary));
  realism::GradeOptions how;
  how.policy = options.policy;
  how.baseline = options.baseline;
  how.people = options.people;
  PW_TRY(const auto grade, realism::grade_run(run, how, pool));
  result.json = realism::as_json(grade).dump(1, ' ', true);
  result.text = realism::as_text(grade);
  if (!options.csv.empty()) {
    PW_TRY(const auto files, realism::write_tables(grade, options.csv));
    for (const auto& file : files) result.files.push_back(file.generic_string());
  }
  if (!options.plots.empty()) {
    PW_TRY(const auto files, realism::write_plots(grade, options.plots));
    for (const auto& file : files) result.files.push_back(file.generic_string());
  }
  return check_level(options.require, grade);
}

std::string certificate_text(const realism::Certificate& certificate) {
  const auto& card = certificate.card;
  std::string out;
  for (const auto& run : card["runs"]) {
    out += "seed " + run["seed"].dump() + ": " + run["status"].get<std::string>() + " (" +
           run["run_id"].get<std::string>() + ")\n";
  }
  for (const auto& seed : card["missing_seeds"]) out += "seed " + seed.dump() + ": missing\n";
  for (const auto& gate : card["failing_gates"]) {
    out += "fails " + gate["level"].get<std::string>() + ": " + gate["gate"].get<std::string>();
    if (gate.contains("seed")) out += ", seed " + gate["seed"].dump();
    if (gate.contains("observed")) out += ", observed " + gate["observed"].dump() + ", limit " + gate["limit"].dump();
    out += "\n";
  }
  return out + "certificate: " + std::string(name_of(certificate.level));
}

Result<void> certify_into(const CertifyOptions& options, ScoreResult& result) {
  if (options.require != "B" && options.require != "B_plus")
    return Error("PW_USAGE", "--require takes B or B_plus, not " + options.require);
  if (options.runs.empty()) return Error("PW_USAGE", "give the run folders to certify");
  work::Pool pool(options.threads);
  PW_TRY(const auto dictionary, contracts::Dictionary::built_in());
  realism::CertifyOptions how;
  how.runs.assign(options.runs.begin(), options.runs.end());
  how.baseline = options.baseline;
  PW_TRY(const auto certificate, realism::certify(how, dictionary, pool));
  const auto folder = options.out.empty()
                          ? fs::absolute(options.runs.front()).lexically_normal().parent_path() / "reports"
                          : fs::path(options.out);
  const auto file = folder / "segment1b_p5_certification.json";
  result.json = certificate.card.dump(2, ' ', true);
  result.text = certificate_text(certificate);
  PW_CHECK(store::write_text(file, result.json));
  result.files = {file.generic_string()};
  if (certificate.level >= (options.require == "B" ? realism::Level::b : realism::Level::b_plus)) return {};
  return Error("RS_NOT_CERTIFIED",
               "the seeds earn " + std::string(name_of(certificate.level)) + ", not " + options.require);
}

}  // namespace

ScoreResult score_certify(const CertifyOptions& options) {
  ScoreResult result;
  result.status = pipeline::guarded([&] { return certify_into(options, result); });
  return result;
}

ScoreResult score_run(const ScoreOptions& options) {
  ScoreResult result;
  result.status = pipeline::guarded([&] { return run_into(options, result); });
  return result;
}

ScoreResult score_legacy(const LegacyScoreOptions& options) {
  ScoreResult result;
  result.status = pipeline::guarded([&] { return legacy_into(options, result); });
  return result;
}

ScoreResult score_likeness(const LikenessOptions& options) {
  ScoreResult result;
  result.status = pipeline::guarded([&] { return likeness_into(options, result); });
  return result;
}

}  // namespace placewright
