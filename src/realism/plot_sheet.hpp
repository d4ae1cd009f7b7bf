// The sheet that plots are drawn on, and the plots of distributions.
#pragma once

#include <string>

#include "realism/grade.hpp"
#include "realism/svg.hpp"

namespace placewright::realism {

struct Plot {
  std::string name, svg, csv;  // csv: what is drawn, as numbers
};

inline constexpr double kWidth = 860, kHeight = 480, kLeft = 60, kTop = 50, kRight = 830, kBottom = 430;
inline constexpr const char* kBlue = "#1f5f9f";

inline double across(double share) { return kLeft + share * (kRight - kLeft); }
inline double up(double share) { return kBottom - share * (kBottom - kTop); }

inline Svg sheet(const std::string& title) {
  Svg svg(kWidth, kHeight);
  svg.text(kLeft, 28, title, 16);
  return svg;
}

inline void axes(Svg& svg) {
  svg.line(kLeft, kBottom, kRight, kBottom, "#444");
  svg.line(kLeft, kTop, kLeft, kBottom, "#444");
}

Plot latitudes_longitudes(const Grade& g);   // histograms of 44 bins, medians dashed
Plot spread(const Grade& g);                 // area of a country's box of sites against their number, both logarithmic
Plot neighbours_by_country(const Grade& g);  // quartiles and 5 to 95 % inside the ten countries with most sites
Plot streaks(const Grade& g);                // pairs by the length of their longest west-east streak

}  // namespace placewright::realism
