#include "catalogue/identity.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hash/sha256.hpp"

namespace placewright::catalogue {
namespace {

// Each of the nine parameter files holds its own name and a line end (spec S0 §1.3).
IdentityInputs example() {
  IdentityInputs inputs;
  inputs.seed = 42;
  for (const auto name : kParameterNames) {
    inputs.parameters.push_back({std::string(name), hash::sha256_hex(std::string(name) + "\n"), 0});
  }
  inputs.artefacts = inputs.parameters;
  return inputs;
}

}  // namespace

TEST(Identity, FollowsTheNineNameLaw) {
  EXPECT_EQ(mint_identity(example())->parameter_hash, "2dcbcb02d5e717de91596b5a345116f6b8f96fcdd1f1163aebabe8247622f1fa");
}

TEST(Identity, DependsOnEveryArtefactAndTheSeedButNotOnTheOrderOfTheLists) {
  const auto inputs = example();
  const auto base = *mint_identity(inputs);
  auto turned = inputs;
  std::ranges::reverse(turned.artefacts);
  std::ranges::reverse(turned.parameters);
  EXPECT_EQ(mint_identity(turned)->run_id, base.run_id);
  auto more = inputs;
  more.artefacts.push_back({"pack.pairs.parquet", hash::sha256_hex("x"), 1});
  EXPECT_NE(mint_identity(more)->manifest_fingerprint, base.manifest_fingerprint);
  EXPECT_EQ(mint_identity(more)->parameter_hash, base.parameter_hash);
  auto seeded = inputs;
  seeded.seed = 43;
  EXPECT_EQ(mint_identity(seeded)->manifest_fingerprint, base.manifest_fingerprint);
  EXPECT_NE(mint_identity(seeded)->run_id, base.run_id);
}

TEST(Identity, IsWhatTheWrittenLawSays) {
  auto inputs = example();
  inputs.artefacts = {{"a", hash::sha256_hex("1"), 1}, {"b", hash::sha256_hex("2"), 1}};
  const auto identity = *mint_identity(inputs);
  const auto part = [](const std::string& name, const std::string& content) {
    return hash::raw(hash::sha256(hash::uer(name) + hash::raw(hash::sha256(content))));
  };
  const auto parameter_hash = *hash::digest_from_hex(identity.parameter_hash);
  const auto fingerprint = hash::sha256(part("a", "1") + part("b", "2") + std::string(32, '\0') + hash::raw(parameter_hash));
  EXPECT_EQ(identity.manifest_fingerprint, hash::hex(fingerprint));
  EXPECT_EQ(identity.run_id, hash::sha256_hex(hash::uer("run:placewright") + hash::raw(fingerprint) + hash::le64(42)).substr(0, 32));
}

TEST(Identity, RefusesMissingUnknownAndRepeatedNames) {
  auto inputs = example();
  inputs.parameters.pop_back();
  EXPECT_EQ(mint_identity(inputs).error().code(), "PW_INPUT");
  inputs = example();
  inputs.parameters.push_back({"policy.s4.yaml", hash::sha256_hex(""), 0});
  EXPECT_EQ(mint_identity(inputs).error().code(), "PW_INPUT");
  inputs = example();
  inputs.artefacts.push_back(inputs.artefacts.front());
  EXPECT_EQ(mint_identity(inputs).error().code(), "PW_INPUT");
  inputs = example();
  inputs.artefacts.front().sha256_hex = "abc";
  EXPECT_EQ(mint_identity(inputs).error().code(), "PW_INPUT");
  EXPECT_EQ(artefact_name("world", "reference/iso/iso3166.parquet"), "world.reference.iso.iso3166.parquet");
}

}  // namespace placewright::catalogue
