#include "catalogue/identity.hpp"

#include <algorithm>
#include <ranges>

#include "hash/sha256.hpp"

namespace placewright::catalogue {
namespace {

Result<std::vector<hash::NamedDigest>> digests(const std::vector<NamedFile>& files) {
  std::vector<hash::NamedDigest> parts;
  for (const auto& file : files) {
    auto digest = hash::digest_from_hex(file.sha256_hex);
    if (!digest) return Error("PW_INPUT", "the digest of " + file.name + " is no SHA-256: " + file.sha256_hex);
    parts.push_back({file.name, *digest});
  }
  return parts;
}

Result<void> check_parameter_names(const std::vector<NamedFile>& files) {
  for (const auto& file : files) {
    if (std::ranges::find(kParameterNames, file.name) == std::end(kParameterNames)) {
      return Error("PW_INPUT", file.name + " is not one of the nine parameter files");
    }
  }
  for (const auto name : kParameterNames) {
    if (std::ranges::find(files, name, [](const NamedFile& file) { return std::string_view(file.name); }) == files.end()) {
      return Error("PW_INPUT", "the parameter file " + std::string(name) + " is missing");
    }
  }
  return {};
}

}  // namespace

std::string artefact_name(std::string_view role, std::string_view relative_path) {
  std::string name = std::string(role) + "." + std::string(relative_path);
  std::ranges::replace(name, '/', '.');
  return name;
}

std::vector<NamedFile> pack_artefacts(const Pack& pack) {
  std::vector<NamedFile> files;
  for (const auto& file : pack.files) files.push_back({artefact_name("pack", file.name), file.sha256_hex, file.bytes});
  return files;
}

Result<RunIdentity> mint_identity(const IdentityInputs& inputs) {
  PW_CHECK(check_parameter_names(inputs.parameters));
  PW_TRY(auto parameters, digests(inputs.parameters));
  PW_TRY(const auto parameter_hash, hash::digest_of_parts(std::move(parameters)));
  PW_TRY(auto artefacts, digests(inputs.artefacts));
  const std::string no_commit(32, '\0');
  PW_TRY(const auto fingerprint, hash::digest_of_parts(std::move(artefacts), no_commit + hash::raw(parameter_hash)));
  const auto run = hash::sha256(hash::uer("run:placewright") + hash::raw(fingerprint) + hash::le64(inputs.seed));
  return RunIdentity{hash::hex(run).substr(0, 32), inputs.seed, hash::hex(parameter_hash), hash::hex(fingerprint)};
}

}  // namespace placewright::catalogue
