// Plain SVG text: shapes, words and dots on a map. No fonts, scripts or links outside the file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace placewright::realism {

class Svg {
 public:
  Svg(double width, double height);
  void rectangle(double x, double y, double width, double height, std::string_view fill,
                 std::string_view stroke = "none");
  void line(double x1, double y1, double x2, double y2, std::string_view stroke, std::string_view dash = {});
  void polyline(std::span<const std::pair<double, double>> points, std::string_view stroke);
  void dot(double x, double y, double radius, std::string_view fill);
  void text(double x, double y, std::string_view words, double size = 12, std::string_view anchor = "start");
  std::string close();  // the whole document

 private:
  std::string out_;
};

// What a map shows: longitudes unwrapped from `west`, so that a country across the antimeridian stays in one piece.
struct MapView {
  double west = -180, south = -90, width = 360, height = 180;  // degrees
  double cos_lat = 1;                                          // of the middle latitude
  double height_to_width() const { return height / (width * cos_lat); }
};
// The smallest window that holds all points, with a margin.
MapView map_view(std::span<const double> lon, std::span<const double> lat);
// Western end and width of the shortest arc that holds all longitudes; {-180, 0} for none.
std::pair<double, double> longitude_span(std::span<const double> lon);

struct MapPanel {
  MapView view;
  double x, y, width, height;
  void dot(Svg& svg, double lon, double lat, double radius = 1.2) const;
  void frame(Svg& svg) const;
};

}  // namespace placewright::realism
