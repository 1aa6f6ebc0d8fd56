// SPDX-License-Identifier: Apache-2.0
// The one translation unit with the sources of Boost.Process v2 (separate compilation:
// cmake/dependencies.cmake).
#include <boost/process/v2/src.hpp>
