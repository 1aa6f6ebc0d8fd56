# shellstrap_room(NAME LINKS ...): one folder of src/ as one static library that can reach only the rooms it names.
# scripts/check-rooms compares the include edges with the same table.
function(shellstrap_room name)
  cmake_parse_arguments(room "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  add_library(room_${name} STATIC ${sources})
  target_include_directories(room_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(room_${name} PUBLIC ${room_LINKS} PRIVATE shellstrap_warnings ${room_PRIVATE_LINKS})
endfunction()

# shellstrap_program(NAME SOURCE LINKS ...): a program in the build folder itself, where scripts look for it.
function(shellstrap_program name source)
  cmake_parse_arguments(program "" "" "LINKS" ${ARGN})
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE shellstrap_warnings ${program_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
  if(SHELLSTRAP_STATIC)
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND "${CMAKE_SOURCE_DIR}/scripts/check-static" "$<TARGET_FILE:${name}>" VERBATIM)
  endif()
endfunction()
