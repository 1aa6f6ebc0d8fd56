# Toolchain file for arm64 programs on Debian of another machine: compiler and C++ library of g++-aarch64-linux-gnu, the
# C library, Boost and zlib of .deps/sysroot-arm64 (scripts/install-arm64-sysroot). Headers without code (nlohmann,
# CLI11) are the build machine's own.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

get_filename_component(arm64_sysroot "${CMAKE_CURRENT_LIST_DIR}/../.deps/sysroot-arm64" ABSOLUTE)
set(arm64_libraries "${arm64_sysroot}/usr/lib/aarch64-linux-gnu")
if(NOT EXISTS "${arm64_libraries}/libc.a")
  message(FATAL_ERROR "${arm64_sysroot} has no arm64 libraries: run ./scripts/setup build arm64 first.")
endif()
# Start files and libc.a are looked for here first: the cross package's own were never updated since the release.
# Static from CMake's first trial program on, because that folder's libc.so is a script with paths of an arm64 system.
set(CMAKE_CXX_FLAGS_INIT "-static -B${arm64_libraries}")

set(CMAKE_FIND_ROOT_PATH "${arm64_sysroot}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
