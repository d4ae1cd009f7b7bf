// The shared library's own translation unit; its code comes from the folders below.
#include "placewright/version.hpp"

namespace placewright {

const char* version() { return PLACEWRIGHT_VERSION; }

}  // namespace placewright
