#include "verify/verify.hpp"

#include "pipeline/session.hpp"
#include "pipeline/status.hpp"
#include "placewright/verify.hpp"

namespace placewright {
namespace {

Result<void> verify_into(const VerifyOptions& options, VerifyResult& result) {
  report::Log log(options.quiet ? report::Verbosity::quiet : report::Verbosity::normal);
  work::Pool pool(options.threads);
  PW_TRY(const auto dictionary, pipeline::load_contracts(options.contracts_root, options.contracts_layout));
  verify::Options how;
  how.external_roots.assign(options.external_roots.begin(), options.external_roots.end());
  how.integrity_only = options.integrity_only;
  PW_TRY(const auto report, verify::verify_run(options.run_folder, dictionary, how, pool, log));
  result.sites = report.sites;
  result.bytes_hashed = report.bytes_hashed;
  result.proven = report.proven;
  for (const auto& finding : report.findings) result.findings.push_back({finding.code, finding.where, finding.what});
  if (!report.findings.empty()) {
    return Error("VER_WANTING", std::to_string(report.findings.size()) + " findings in " + options.run_folder);
  }
  return {};
}

}  // namespace

VerifyResult verify_run(const VerifyOptions& options) {
  VerifyResult result;
  result.status = pipeline::guarded([&] { return verify_into(options, result); });
  return result;
}

}  // namespace placewright
