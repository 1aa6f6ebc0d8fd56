# Exactly this cpp-httplib, header only. /usr/include/httplib.h is never used: Debian 12's is older and split.
# scripts/setup puts the header into .deps/httplib; where it did not, git fetches it by commit.
set(SHELLSTRAP_HTTPLIB_VERSION 0.41.0)
set(SHELLSTRAP_HTTPLIB_COMMIT 073b58796205b928b61f4cae89ab4130b7f1aee0)
set(SHELLSTRAP_HTTPLIB_SHA256 e9112546cbae828180f72c2ae6da4bfd8d15ae38138bd99b898e5e30128acc28)
set(SHELLSTRAP_HTTPLIB_DIR "${CMAKE_SOURCE_DIR}/.deps/httplib" CACHE PATH "Folder that holds httplib.h")

if(NOT EXISTS "${SHELLSTRAP_HTTPLIB_DIR}/httplib.h")
  include(FetchContent)
  FetchContent_Declare(httplib_source
    GIT_REPOSITORY https://github.com/yhirose/cpp-httplib.git
    GIT_TAG ${SHELLSTRAP_HTTPLIB_COMMIT}
    SOURCE_SUBDIR none) # its own CMakeLists.txt stays out
  FetchContent_MakeAvailable(httplib_source)
  set(SHELLSTRAP_HTTPLIB_DIR "${httplib_source_SOURCE_DIR}")
endif()

file(SHA256 "${SHELLSTRAP_HTTPLIB_DIR}/httplib.h" httplib_sum)
if(NOT httplib_sum STREQUAL SHELLSTRAP_HTTPLIB_SHA256)
  message(FATAL_ERROR "${SHELLSTRAP_HTTPLIB_DIR}/httplib.h is not cpp-httplib ${SHELLSTRAP_HTTPLIB_VERSION}: "
    "its SHA-256 is ${httplib_sum}. Remove that folder and run ./scripts/setup again.")
endif()

add_library(shellstrap_httplib INTERFACE)
target_include_directories(shellstrap_httplib SYSTEM BEFORE INTERFACE "${SHELLSTRAP_HTTPLIB_DIR}")
target_link_libraries(shellstrap_httplib INTERFACE Threads::Threads)
target_compile_definitions(shellstrap_httplib INTERFACE
  CPPHTTPLIB_EXPECT_100_THRESHOLD=0          # else "Expect: 100-continue" costs a second on bodies from 1 KiB
  CPPHTTPLIB_SEND_FLAGS=MSG_NOSIGNAL         # a peer that left is an error, not SIGPIPE
  CPPHTTPLIB_HEADER_MAX_LENGTH=1114112       # a header of 1 MiB is legal on this wire
  CPPHTTPLIB_MAX_LINE_LENGTH=1114112         # the same limit once more, on the line that holds it
  CPPHTTPLIB_HEADER_MAX_COUNT=1024)
# g++ 12 with a sanitizer warns about its own <regex>, which httplib.h brings in.
target_compile_options(shellstrap_httplib INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
