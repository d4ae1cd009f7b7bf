# cmake -DFOLDER=... -DOUTPUT=... -P EmbedFiles.cmake: writes the C++ table of the folder's files, sorted by path.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
set(arrays "")
set(rows "")
set(i 0)
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  # The closing zero keeps an empty file legal; it is not counted.
  string(APPEND arrays "constexpr unsigned char k${i}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${file}\", k${i}, sizeof(k${i}) - 1},\n")
  math(EXPR i "${i} + 1")
endforeach()
file(WRITE ${OUTPUT}
"#include \"contracts/embedded_table.hpp\"

namespace placewright::contracts {
namespace {
${arrays}
constexpr EmbeddedFile kFiles[] = {
${rows}};
}  // namespace

std::span<const EmbeddedFile> embedded_table() { return kFiles; }

}  // namespace placewright::contracts
")
