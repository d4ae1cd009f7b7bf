// What a certificate tells beside its gates: none of it decides the grade.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "realism/certify_seed.hpp"

namespace placewright::realism {

// Share of the sites by macro region.
std::map<std::string, double> region_shares(const Grade& grade, const Regions& regions);

// Entropy over countries, cluster score, boxes by class of size, region shares and, with a baseline, their drift.
Json soft_diagnostics(const Grade& grade, const Regions& regions, const std::optional<Grade>& baseline);

// Tests of each seed against the baseline (Kolmogorov-Smirnov over all sites, Mann-Whitney in the largest common
// countries). At these sizes every p is near 0, so the shifts of the quantiles are told too.
Json evidence(const std::vector<Seed>& seeds, const std::optional<Grade>& baseline, work::Pool& pool);

}  // namespace placewright::realism
