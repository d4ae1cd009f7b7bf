// The border to Arrow and Parquet: what they throw becomes an Error. Private to this folder.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "base/result.hpp"

namespace placewright::table {

// Calls work(); `failed` turns the text of an exception into an Error.
template <class Work, class Failed>
auto guarded(const Work& work, const Failed& failed) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error("PW_MEMORY", failed("memory is exhausted").message());
  } catch (const std::exception& e) {
    return failed(e.what());
  }
}

}  // namespace placewright::table
