// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/deploy/deploy_options.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// The most that the service takes in a request; more has to go by a bucket, or into layers.
inline constexpr std::size_t kMostUpload = 50U << 20U;

/// A zip file that goes to the service.
struct Upload {
  std::string path;    ///< without what the AWS CLI would read as a variable
  std::string sha256;  ///< base64, as the service says it
  std::size_t size = 0;
};

struct WantedLayer {
  std::string arn;  ///< of a version; empty: of that which has the bytes of the zip
  std::string name;
  Upload zip;
};

/// A function as it is to be.
struct Wanted {
  DeploySettings settings;
  Upload code;
  std::vector<WantedLayer> layers;  ///< where the settings have some
  std::optional<std::map<std::string, std::string>> environment;
  bool is_public = false;
};

/// Reads the zip file; an error where it is larger than kMostUpload.
base::Result<Upload> read_upload(const std::string& path);

/// What a layer of this zip file is called, as by scripts/publish-layer: without folder, version and ending.
/// Empty: it can have no name. Pure.
std::string layer_name_of(const std::string& zip);

/// `code`: what was packed. Zip files of layers are relative to the function's folder, and linked to from
/// paths that begin with `link`, because the AWS CLI reads variables in names of files. An error is a
/// sentence.
base::Result<Wanted> make_wanted(const DeployOptions& options, Upload code, const std::string& link);

}  // namespace cli
