#include "geo_io/gdal_border.hpp"

#include <gdal_frmts.h>

#include <cmath>
#include <mutex>
#include <numbers>

namespace placewright::geo_io {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 4> kSettings = {
    {{"GDAL_PAM_ENABLED", "NO"},
     {"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"},
     {"GTIFF_POINT_GEO_IGNORE", "NO"},
     {"GTIFF_IGNORE_READ_ERRORS", "NO"}}};

}  // namespace

void register_geotiff() {
  static std::once_flag once;
  std::call_once(once, GDALRegister_GTiff);
}

bool is_wgs84(const OGRSpatialReference& crs) {
  constexpr double kDegree = std::numbers::pi / 180.0;
  return crs.IsGeographic() != 0 && crs.GetSemiMajor() == 6378137.0 &&
         std::abs(crs.GetInvFlattening() - 298.257223563) < 1e-8 &&
         std::abs(crs.GetAngularUnits(static_cast<const char**>(nullptr)) - kDegree) < 1e-12 &&
         crs.GetPrimeMeridian(static_cast<const char**>(nullptr)) == 0.0;
}

QuietGdal::QuietGdal() {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  for (const auto& [key, value] : kSettings) CPLSetThreadLocalConfigOption(key, value);
}

QuietGdal::~QuietGdal() {
  for (const auto& [key, value] : kSettings) CPLSetThreadLocalConfigOption(key, nullptr);
  CPLErrorReset();
  CPLPopErrorHandler();
}

std::string QuietGdal::message() const { return CPLGetLastErrorType() >= CE_Failure ? CPLGetLastErrorMsg() : ""; }

}  // namespace placewright::geo_io
