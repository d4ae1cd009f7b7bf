// GDAL kept quiet and in hand. Private to this folder.
#pragma once

#include <cpl_conv.h>
#include <cpl_error.h>
#include <ogr_spatialref.h>

#include <array>
#include <string>
#include <utility>

namespace placewright::geo_io {

// Only GeoTIFF is needed; no plug-in folder is searched.
void register_geotiff();

// Geographic, WGS84 ellipsoid, degrees, Greenwich. Not by EPSG code: rasters and shapefiles carry plain WKT as well.
bool is_wgs84(const OGRSpatialReference& crs);

// While it lives, this thread's GDAL prints nothing, and neither the environment nor files beside a raster change what
// the raster says.
class QuietGdal {
 public:
  QuietGdal();
  ~QuietGdal();
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;

  // The last failure in this scope; empty when there was none.
  std::string message() const;
};

}  // namespace placewright::geo_io
