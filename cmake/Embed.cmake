# Compiles every file below a folder into a library, so that the program needs no data folder at run time.

# pw_embed(pw_contracts ${CMAKE_SOURCE_DIR}/contracts): a table of (relative path, bytes) in the library.
function(pw_embed target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cpp)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${generated} -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    COMMENT "Embedding ${folder}")
  target_sources(${target} PRIVATE ${generated})
endfunction()
