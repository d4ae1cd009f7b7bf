#include "base/text.hpp"
#include "command.hpp"
#include "placewright/verify.hpp"

namespace placewright::cli {
namespace {

Json as_json(const VerifyResult& result) {
  Json findings = Json::array();
  for (const auto& finding : result.findings) {
    findings.push_back({{"code", finding.code}, {"where", finding.where}, {"what", finding.what}});
  }
  return {{"sites", result.sites},   {"bytes_hashed", result.bytes_hashed},
          {"proven", result.proven}, {"findings", findings},
          {"code", result.status.code}, {"exit_code", result.status.exit_code}};
}

void print_people(const VerifyResult& result) {
  for (const auto& law : result.proven) print("proven: " + law);
  for (const auto& finding : result.findings) print("found: " + finding.code + " " + finding.where + ": " + finding.what);
  print("sites: " + std::to_string(result.sites) + ", hashed: " + bytes_text(result.bytes_hashed));
  if (result.status.exit_code == 0) print("verified: everything holds");
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
  struct Use {
    VerifyOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = app.add_subcommand("verify", "Re-hash every sealed byte of a finished run and re-check every law");
  verb->add_option("RUN", o.run_folder, "Run folder")->required();
  verb->add_option("--external-root", o.external_roots, "Default: those of the receipt")->take_all()->allow_extra_args(false);
  verb->add_option("--contracts-root", o.contracts_root, "Foreign contract files; default: built in");
  verb->add_option("--contracts-layout", o.contracts_layout, "model_spec or contracts")->capture_default_str();
  verb->add_flag("--integrity-only", o.integrity_only, "Digests, not laws");
  verb->add_option("--threads", o.threads, "Threads; 0: all")->capture_default_str();
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] {
    action = [use] {
      const auto result = verify_run(use->options);
      if (use->json) print_json(as_json(result));
      else print_people(result);
      return result.status ? 0 : fail(result.status);
    };
  });
}

}  // namespace placewright::cli
