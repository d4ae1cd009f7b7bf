// Columns of every row dataset, in published order, with the encodings that write fast and small.
#pragma once

#include "table/table.hpp"

namespace placewright::datasets {

using table::Encoding;
using table::Kind;
using table::Schema;

inline const Schema kTileIndex = {{"country_iso", Kind::text},
                                  {"tile_id", Kind::u64, Encoding::delta},
                                  {"raster_row", Kind::u64, Encoding::delta},
                                  {"raster_col", Kind::u64, Encoding::delta},
                                  {"centroid_lon", Kind::f64, Encoding::byte_stream_split},
                                  {"centroid_lat", Kind::f64, Encoding::dictionary},
                                  {"pixel_area_m2", Kind::f64, Encoding::dictionary},
                                  {"inclusion_rule", Kind::text}};
inline const Schema kTileBounds = {{"country_iso", Kind::text},
                                   {"tile_id", Kind::u64, Encoding::delta},
                                   {"min_lat_deg", Kind::f64, Encoding::dictionary},
                                   {"max_lat_deg", Kind::f64, Encoding::dictionary},
                                   {"min_lon_deg", Kind::f64, Encoding::byte_stream_split},
                                   {"max_lon_deg", Kind::f64, Encoding::byte_stream_split},
                                   {"centroid_lat_deg", Kind::f64, Encoding::dictionary},
                                   {"centroid_lon_deg", Kind::f64, Encoding::byte_stream_split}};
// Span form of tile_index: first_tile_id and length; one file, ascending by country and tile.
inline const Schema kTileSpans = {
    {"country_iso", Kind::text}, {"first_tile_id", Kind::u64, Encoding::delta}, {"length", Kind::i64, Encoding::delta}};
inline const Schema kTileWeights = {{"country_iso", Kind::text},
                                    {"tile_id", Kind::u64, Encoding::delta},
                                    {"weight_fp", Kind::i64, Encoding::dictionary},
                                    {"dp", Kind::i64},
                                    {"basis", Kind::text}};
// Span form of tile_weights: tiles first_tile_id .. first_tile_id + length - 1, all inside one raster row and one span.
inline const Schema kWeightRuns = {{"country_iso", Kind::text},
                                   {"first_tile_id", Kind::u64, Encoding::delta},
                                   {"length", Kind::i64, Encoding::delta},
                                   {"weight_fp", Kind::i64, Encoding::dictionary},
                                   {"dp", Kind::i64},
                                   {"basis", Kind::text}};
// Sums over blocks of cells, one file a country (datasets/mass_blocks.hpp). Density as a code; people in steps of
// 2^-20.
inline const Schema kMassBlocks = {{"country_iso", Kind::text},
                                   {"block", Kind::u64, Encoding::delta},
                                   {"first_tile_id", Kind::u64, Encoding::delta},
                                   {"tiles", Kind::i64},
                                   {"area_m2", Kind::i64, Encoding::dictionary},
                                   {"people", Kind::i64, Encoding::delta},
                                   {"density", Kind::i64, Encoding::delta},
                                   {"mass_0", Kind::i64, Encoding::delta},
                                   {"mass_25", Kind::i64, Encoding::delta},
                                   {"mass_50", Kind::i64, Encoding::delta},
                                   {"mass_75", Kind::i64, Encoding::delta},
                                   {"mass_100", Kind::i64, Encoding::delta}};
// What the catalogue says of merchants beyond their outlets; NaN where it says nothing.
inline const Schema kOrientations = {{"merchant_id", Kind::u64, Encoding::delta}, {"orientation", Kind::f64}};
inline const Schema kRequirements = {
    {"merchant_id", Kind::u64, Encoding::delta}, {"legal_country_iso", Kind::text}, {"n_sites", Kind::i64}};
inline const Schema kAllocPlan = {{"merchant_id", Kind::u64, Encoding::delta},
                                  {"legal_country_iso", Kind::text},
                                  {"tile_id", Kind::u64, Encoding::delta},
                                  {"n_sites_tile", Kind::i64}};
inline const Schema kAssignment = {{"merchant_id", Kind::u64, Encoding::delta},
                                   {"legal_country_iso", Kind::text},
                                   {"site_order", Kind::i64, Encoding::delta},
                                   {"tile_id", Kind::u64, Encoding::delta}};
inline const Schema kJitter = {
    {"merchant_id", Kind::u64, Encoding::delta},   {"legal_country_iso", Kind::text},
    {"site_order", Kind::i64, Encoding::delta},    {"tile_id", Kind::u64, Encoding::delta},
    {"delta_lat_deg", Kind::f64, Encoding::plain}, {"delta_lon_deg", Kind::f64, Encoding::plain},
    {"manifest_fingerprint", Kind::text}};
inline const Schema kSynthesis = {
    {"merchant_id", Kind::u64, Encoding::delta},         {"legal_country_iso", Kind::text},
    {"site_order", Kind::i32, Encoding::delta},          {"tile_id", Kind::u64, Encoding::delta},
    {"lon_deg", Kind::f64, Encoding::byte_stream_split}, {"lat_deg", Kind::f64, Encoding::byte_stream_split}};
inline const Schema kSiteLocations = {{"merchant_id", Kind::u64, Encoding::delta},
                                      {"legal_country_iso", Kind::text},
                                      {"site_order", Kind::i32, Encoding::delta},
                                      {"lon_deg", Kind::f64, Encoding::byte_stream_split},
                                      {"lat_deg", Kind::f64, Encoding::byte_stream_split}};
// Parquet form of the event logs; everything else of an envelope is derivable. One row an event.
inline const Schema kAssignmentEvents = {{"merchant_id", Kind::u64, Encoding::delta},
                                         {"legal_country_iso", Kind::text},
                                         {"site_order", Kind::i64, Encoding::delta},
                                         {"tile_id", Kind::u64, Encoding::delta},
                                         {"counter_lo", Kind::u64, Encoding::delta}};
inline const Schema kJitterEvents = {
    {"merchant_id", Kind::u64, Encoding::delta},   {"legal_country_iso", Kind::text},
    {"site_order", Kind::i64, Encoding::delta},    {"attempt", Kind::i32},
    {"delta_lat_deg", Kind::f64, Encoding::plain}, {"delta_lon_deg", Kind::f64, Encoding::plain},
    {"counter_lo", Kind::u64, Encoding::plain}};
inline const Schema kOutletCatalogue = {{"manifest_fingerprint", Kind::text},
                                        {"merchant_id", Kind::u64, Encoding::delta},
                                        {"site_id", Kind::text},
                                        {"home_country_iso", Kind::text},
                                        {"legal_country_iso", Kind::text},
                                        {"single_vs_multi_flag", Kind::boolean},
                                        {"raw_nb_outlet_draw", Kind::i32},
                                        {"final_country_outlet_count", Kind::i32},
                                        {"site_order", Kind::i32, Encoding::delta},
                                        {"global_seed", Kind::u64}};

constexpr std::size_t kSitesPerPart = 200'000;

}  // namespace placewright::datasets
