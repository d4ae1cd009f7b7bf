// A grade's tables as CSV, and the plots users look at with their data.
#pragma once

#include <filesystem>
#include <vector>

#include "realism/grade.hpp"

namespace placewright::realism {

// gates.csv, placement_checks.csv, countries.csv, sentinel.csv: header, comma, LF. Returns the files.
Result<std::vector<std::filesystem::path>> write_tables(const Grade& grade, const std::filesystem::path& folder);

// Self-contained SVG, each beside its data as CSV: country map (a dot a country, shade by log10 of its sites), top 20,
// Lorenz curve, nearest-neighbour histogram (log bins), small multiples of the twelve largest countries, concentration
// profile, gate dashboard, countries behind the far tail. Every site counts in the
// figures; maps draw at most some hundred points a country.
Result<std::vector<std::filesystem::path>> write_plots(const Grade& grade, const std::filesystem::path& folder);

}  // namespace placewright::realism
