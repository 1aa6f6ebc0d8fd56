# What every target is compiled with. Include once, before any target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(SHELLSTRAP_CCACHE ccache)
if(SHELLSTRAP_CCACHE)
  # Paths below the source folder count as relative: every clone and build folder then shares what is compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${SHELLSTRAP_CCACHE}")
endif()

# Sections let the linker drop what is not called: a quarter of the static program.
# The prefix map keeps folder names out of the programs, so that builds are bit-identical anywhere.
add_compile_options(-ffunction-sections -fdata-sections "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
add_link_options(-Wl,--gc-sections)
if(SHELLSTRAP_STATIC)
  add_link_options(-static)
endif()

add_library(shellstrap_warnings INTERFACE)
target_compile_options(shellstrap_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  $<$<BOOL:${SHELLSTRAP_WERROR}>:-Werror>)
