#pragma once

namespace placewright {

const char* version();  // "0.1.0"

}  // namespace placewright
