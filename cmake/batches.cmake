# shellstrap_batches(OUT NAME FOLDER SOURCE...): puts into OUT what compiles sources of FOLDER: files of the build folder that
# include up to eight of them each, or with SHELLSTRAP_BATCHES off the sources themselves. Most of a test's compiling is
# GoogleTest, nlohmann/json and the standard library, and eight tests share that. Names in unnamed namespaces have to differ
# within a folder, therefore. Paths are relative, so that a compiler cache can share batches between clones; FOLDER's
# parent has to be an include directory.
option(SHELLSTRAP_BATCHES "Compile several files of tests at a time" ON)

function(shellstrap_batches out name folder)
  if(NOT SHELLSTRAP_BATCHES)
    set(${out} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  get_filename_component(parent "${folder}" DIRECTORY)
  set(batches)
  set(number 0)
  set(room 0)
  foreach(source IN LISTS ARGN)
    if(room EQUAL 0)
      math(EXPR number "${number} + 1")
      set(room 8)
      list(APPEND batches "${CMAKE_CURRENT_BINARY_DIR}/batches/${name}_${number}.cpp")
      set(includes_${number} "")
    endif()
    math(EXPR room "${room} - 1")
    file(RELATIVE_PATH path "${parent}" "${source}")
    string(APPEND includes_${number} "#include \"${path}\"\n")
  endforeach()
  foreach(i RANGE 1 ${number})
    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/batches/${name}_${i}.cpp" CONTENT "${includes_${i}}" @ONLY)
  endforeach()
  # g++ takes a type of an unnamed namespace for a fault in whatever is not the file that it was given.
  set_source_files_properties(${batches} PROPERTIES COMPILE_OPTIONS
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>;-Wno-shadow")
  set(${out} ${batches} PARENT_SCOPE)
endfunction()
