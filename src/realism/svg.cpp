#include "realism/svg.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.hpp"

namespace placewright::realism {
namespace {

// Two decimals are a hundredth of a pixel.
std::string number(double value) { return double_text(std::round(value * 100) / 100); }

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string escaped(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

}  // namespace

Svg::Svg(double width, double height)
    : out_("<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", number(width)) +
           attribute("height", number(height)) + " font-family=\"sans-serif\">\n") {
  rectangle(0, 0, width, height, "#fff");
}

void Svg::rectangle(double x, double y, double width, double height, std::string_view fill, std::string_view stroke) {
  out_ += "<rect" + attribute("x", number(x)) + attribute("y", number(y)) + attribute("width", number(width)) +
          attribute("height", number(height)) + attribute("fill", fill) + attribute("stroke", stroke) + "/>\n";
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view stroke, std::string_view dash) {
  out_ += "<line" + attribute("x1", number(x1)) + attribute("y1", number(y1)) + attribute("x2", number(x2)) +
          attribute("y2", number(y2)) + attribute("stroke", stroke);
  if (!dash.empty()) out_ += attribute("stroke-dasharray", dash);
  out_ += "/>\n";
}

void Svg::polyline(std::span<const std::pair<double, double>> points, std::string_view stroke) {
  out_ += "<polyline fill=\"none\"" + attribute("stroke", stroke) + " points=\"";
  for (const auto& [x, y] : points) out_ += number(x) + "," + number(y) + " ";
  out_ += "\"/>\n";
}

void Svg::dot(double x, double y, double radius, std::string_view fill) {
  out_ += "<circle" + attribute("cx", number(x)) + attribute("cy", number(y)) + attribute("r", number(radius)) +
          attribute("fill", fill) + "/>\n";
}

void Svg::text(double x, double y, std::string_view words, double size, std::string_view anchor) {
  out_ += "<text" + attribute("x", number(x)) + attribute("y", number(y)) + attribute("font-size", number(size)) +
          attribute("text-anchor", anchor) + ">" + escaped(words) + "</text>\n";
}

std::string Svg::close() { return std::move(out_) + "</svg>\n"; }

std::pair<double, double> longitude_span(std::span<const double> lon) {
  if (lon.empty()) return {-180, 0};
  std::vector<double> sorted(lon.begin(), lon.end());
  std::ranges::sort(sorted);
  double gap = sorted.front() + 360 - sorted.back();
  double west = sorted.front();
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] - sorted[i - 1] > gap) gap = sorted[i] - sorted[i - 1], west = sorted[i];
  }
  return {west, 360 - gap};
}

MapView map_view(std::span<const double> lon, std::span<const double> lat) {
  MapView view;
  if (lon.empty()) return view;
  const auto [west, width] = longitude_span(lon);
  const auto [low, high] = std::ranges::minmax(lat);
  const double margin = std::max(0.05, 0.02 * std::max(width, high - low));
  view.west = west - margin;
  view.width = width + 2 * margin;
  view.south = low - margin;
  view.height = high - low + 2 * margin;
  view.cos_lat = std::max(0.1, std::cos((low + high) / 2 * (std::numbers::pi / 180)));
  return view;
}

void MapPanel::dot(Svg& svg, double lon, double lat, double radius) const {
  double east = lon - view.west;
  while (east < 0) east += 360;
  while (east >= 360) east -= 360;
  svg.dot(x + east / view.width * width, y + (view.south + view.height - lat) / view.height * height, radius,
          "#1f5f9f");
}

void MapPanel::frame(Svg& svg) const { svg.rectangle(x, y, width, height, "none", "#888"); }

}  // namespace placewright::realism
