// Numbers for people: fixed decimals, columns.
#pragma once

#include <string>

namespace placewright::realism {

std::string fixed(double value, int decimals);
std::string right(std::string text, std::size_t width);  // padded on the left
std::string left(std::string text, std::size_t width);   // padded on the right

}  // namespace placewright::realism
