// A user's outlets, or generated ones, as a sealed catalogue pack.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct CatalogueImportOptions {
  std::string file;               // CSV (also .gz, .zst) or Parquet; outlet rows or count rows
  std::string out;                // pack folder to make
  std::string world;              // whose ISO table and tiles count; empty: the embedded ISO table
  std::uint64_t max_rejects = 0;  // bad lines that are dropped instead of refused
  bool check_only = false;        // say what would happen, write nothing
  std::string profile = "lifelike";  // of a check: whose denylist counts
  std::string policies;              // of a check: folder of policies of your own, in place of the profile
  unsigned threads = 0;
  bool quiet = false;
};

struct CatalogueReject {
  std::uint64_t line = 0;
  std::string column, value, code;
};

// What a run would do with the outlets of a country, short of placing them.
struct CatalogueConcern {
  std::string country;
  std::uint64_t outlets = 0;
  std::string concern;
};

struct CatalogueResult {
  Status status;
  std::string pack;
  std::uint64_t rows = 0, merchants = 0, pairs = 0, outlets = 0, countries = 0, rejects_total = 0;
  std::vector<CatalogueReject> rejects;     // the first 1,000
  std::string rejects_file;                 // where the rest are, when there are more
  std::uint64_t homes_given = 0, homes_without_outlets = 0;  // merchants
  std::vector<CatalogueConcern> concerns;   // of a check, by country
  std::uint64_t to_place = 0;               // of a check: outlets a run would place
  // Of a check: which gates the catalogue itself decides, a line each, and the same as a JSON array.
  std::vector<std::string> attainability;
  std::string attainability_json;
};

CatalogueResult catalogue_import(const CatalogueImportOptions& options);

struct CatalogueSynthOptions {
  std::string profile = "lifelike";  // reference, balanced, lifelike
  std::uint64_t outlets = 0;         // wanted, about; 0: the profile's own size
  std::uint64_t seed = 42;
  std::string out;                   // pack folder, or a .csv file
  bool quiet = false;
};

CatalogueResult catalogue_synth(const CatalogueSynthOptions& options);

}  // namespace placewright
