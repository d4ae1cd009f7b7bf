# One library target per folder of src/. A folder links only what stands below it; scripts/check_includes.py proves
# that its #include lines agree.

# Flags every target and every client of a header shares. Contraction stays off because an expression such as a + b*c
# decides published bytes; a fused multiply-add would change them from one processor to the next.
add_library(pw_flags INTERFACE)
target_compile_options(pw_flags INTERFACE -ffp-contract=off)
target_include_directories(pw_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
add_library(pw_warnings INTERFACE)
target_compile_options(pw_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
# g++ 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105329).
target_compile_options(pw_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

set(PLACEWRIGHT_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")
if(PLACEWRIGHT_SANITIZE)
  target_compile_options(pw_flags INTERFACE -fsanitize=${PLACEWRIGHT_SANITIZE} -fno-omit-frame-pointer
                                            -fno-sanitize-recover=all)
  target_link_options(pw_flags INTERFACE -fsanitize=${PLACEWRIGHT_SANITIZE})
endif()

# pw_library(geo DEPENDS base PRIVATE_DEPENDS PROJ::proj): the library pw_geo of all sources below the folder.
function(pw_library name)
  cmake_parse_arguments(arg "" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(depends pw_flags)
  foreach(d IN LISTS arg_DEPENDS)
    list(APPEND depends pw_${d})
  endforeach()
  if(sources)
    add_library(pw_${name} STATIC ${sources})
    target_link_libraries(pw_${name} PUBLIC ${depends} PRIVATE pw_warnings ${arg_PRIVATE_DEPENDS})
  else()
    add_library(pw_${name} INTERFACE)
    target_link_libraries(pw_${name} INTERFACE ${depends})
  endif()
endfunction()
