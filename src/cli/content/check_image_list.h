// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cli {

/// scripts/data/provided.al2023-commands.txt, which the build makes a part of the program.
struct ImageList {
  std::string_view date;
  std::string_view text;  ///< lines "package  command command…"; # begins a comment
};
extern const ImageList kImageList;

}  // namespace cli
