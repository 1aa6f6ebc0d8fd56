# Third-party libraries, each behind a target that brings its must-set definitions. Pins: see also scripts/setup.
find_package(Threads REQUIRED)
set(Boost_USE_STATIC_LIBS ON) # in every build, or the static one would be the only one tested with them
find_package(Boost 1.81 REQUIRED COMPONENTS filesystem system atomic)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 QUIET)
set(ZLIB_USE_STATIC_LIBS ON)
find_package(ZLIB REQUIRED) # what pack deflates with: in shellstrap only
include(cmake/httplib.cmake)

# Boost.Process v2. Separate compilation, because its header-only mode leaves symbols undefined; src/proc/setup/boost_process.cpp
# is the one file with its sources.
add_library(shellstrap_boost_process INTERFACE)
target_link_libraries(shellstrap_boost_process INTERFACE Boost::filesystem Boost::system Boost::atomic Threads::Threads)
target_compile_definitions(shellstrap_boost_process INTERFACE BOOST_PROCESS_V2_SEPARATE_COMPILATION=1)
