#include "geo_io/gdal_border.hpp"

#include <gdal_frmts.h>

#include <mutex>

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
