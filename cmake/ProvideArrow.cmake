# Provides the target placewright::arrow (Parquet C++ and, with it, Arrow C++).
#
# 1. An installed Arrow C++ (apt.arrow, conda-forge, vcpkg, Homebrew, Fedora, ...), by its own CMake packages.
# 2. Otherwise the libraries and headers inside a pyarrow wheel: -DARROW_WHEEL_ROOT=<dir that holds pyarrow/>,
#    filled by scripts/get_arrow.sh; or, with neither, the pyarrow of the Python that CMake finds.
option(ARROW_FROM_WHEEL "Skip find_package(Arrow) and use a pyarrow wheel" OFF)
set(ARROW_WHEEL_ROOT "" CACHE PATH "Directory that holds pyarrow/ (pip install --target)")
set(ARROW_MIN_VERSION 15.0.0)

set(ARROW_PROVIDER "" CACHE INTERNAL "")
if(NOT ARROW_FROM_WHEEL AND NOT ARROW_WHEEL_ROOT)
  # ArrowConfigVersion.cmake accepts only the same major version, so no version is asked for here.
  find_package(Arrow CONFIG QUIET)
  find_package(Parquet CONFIG QUIET)
  if(Arrow_FOUND AND Parquet_FOUND)
    if(Arrow_VERSION VERSION_LESS ARROW_MIN_VERSION)
      message(FATAL_ERROR "Arrow C++ ${Arrow_VERSION} is older than ${ARROW_MIN_VERSION}")
    endif()
    add_library(placewright::arrow INTERFACE IMPORTED GLOBAL)
    if(TARGET Parquet::parquet_shared)
      target_link_libraries(placewright::arrow INTERFACE Parquet::parquet_shared Arrow::arrow_shared)
    else()  # static vcpkg triplets
      target_link_libraries(placewright::arrow INTERFACE Parquet::parquet_static Arrow::arrow_static)
    endif()
    set(ARROW_PROVIDER "package" CACHE INTERNAL "")
    message(STATUS "Arrow C++ ${Arrow_VERSION} (installed package)")
    return()
  endif()
endif()

set(_pa "${ARROW_WHEEL_ROOT}/pyarrow")
if(NOT ARROW_WHEEL_ROOT)
  find_package(Python3 COMPONENTS Interpreter QUIET)
  if(Python3_FOUND)
    execute_process(
      COMMAND "${Python3_EXECUTABLE}" -c
              "import importlib.util as u; s=u.find_spec('pyarrow'); print(s.submodule_search_locations[0] if s else '')"
      OUTPUT_VARIABLE _pa OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if(NOT EXISTS "${_pa}/include/arrow/util/config.h")
  message(FATAL_ERROR "No Arrow C++ found. Install libarrow-dev + libparquet-dev (or the conda-forge, vcpkg, "
                      "Homebrew package), or run scripts/get_arrow.sh <dir> and pass -DARROW_WHEEL_ROOT=<dir>.")
endif()
file(STRINGS "${_pa}/include/arrow/util/config.h" _v REGEX "define ARROW_VERSION_STRING")
string(REGEX REPLACE ".*\"([0-9.]+).*" "\\1" ARROW_VERSION "${_v}")
if(ARROW_VERSION VERSION_LESS ARROW_MIN_VERSION)
  message(FATAL_ERROR "pyarrow ${ARROW_VERSION} is older than ${ARROW_MIN_VERSION}")
endif()

function(_arrow_wheel_target name lib)
  file(GLOB _so "${_pa}/lib${lib}.so.[0-9]*" "${_pa}/lib${lib}.[0-9]*.dylib")
  list(LENGTH _so _n)
  if(NOT _n EQUAL 1)
    message(FATAL_ERROR "expected one lib${lib} in ${_pa}, found: ${_so}")
  endif()
  get_filename_component(_soname "${_so}" NAME)
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${_so}" IMPORTED_SONAME "${_soname}"
    INTERFACE_INCLUDE_DIRECTORIES "${_pa}/include")
  set_property(GLOBAL APPEND PROPERTY ARROW_WHEEL_FILES "${_so}")
endfunction()
_arrow_wheel_target(Arrow::arrow_shared arrow)
_arrow_wheel_target(Parquet::parquet_shared parquet)
add_library(placewright::arrow INTERFACE IMPORTED GLOBAL)
target_link_libraries(placewright::arrow INTERFACE Parquet::parquet_shared Arrow::arrow_shared)
# The unpatched wheel's libparquet exports its own OpenSSL over the system's: see scripts/get_arrow.sh.
find_program(_nm NAMES nm gcc-nm llvm-nm)
if(_nm AND UNIX AND NOT APPLE)
  get_target_property(_pq Parquet::parquet_shared IMPORTED_LOCATION)
  execute_process(COMMAND "${_nm}" -D --defined-only "${_pq}" OUTPUT_VARIABLE _syms ERROR_QUIET)
  if(_syms MATCHES " EVP_sha256")
    message(FATAL_ERROR "${_pq} exports OpenSSL symbols; use a copy made by scripts/get_arrow.sh (-DARROW_WHEEL_ROOT=<dir>).")
  endif()
endif()
set(ARROW_PROVIDER "wheel" CACHE INTERNAL "")
message(STATUS "Arrow C++ ${ARROW_VERSION} (pyarrow wheel)")

# install(): the wheel's libraries go beside the program, and the program finds them there.
# Each library in the wheel already carries RUNPATH $ORIGIN, so libparquet finds libarrow.
include(GNUInstallDirs)
function(arrow_install_private target)
  if(ARROW_PROVIDER STREQUAL "wheel")
    get_property(_files GLOBAL PROPERTY ARROW_WHEEL_FILES)
    install(PROGRAMS ${_files} DESTINATION ${CMAKE_INSTALL_LIBDIR}/placewright)
    set_target_properties(${target} PROPERTIES
      INSTALL_RPATH "\$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/placewright")
  endif()
endfunction()
