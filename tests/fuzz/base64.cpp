// SPDX-License-Identifier: Apache-2.0
// base64, whole and in two parts. The first byte says where it is cut.
#include "base/text/base64.h"

#include "fuzz.h"

#include <algorithm>

using fuzzing::require;

void fuzz(std::string_view input) {
  if (input.empty()) return;
  const std::size_t cut = std::min<std::size_t>(static_cast<unsigned char>(input.front()), input.size() - 1);
  input.remove_prefix(1);
  const auto whole = base::base64_decode(input);
  base::Base64Decoder decoder;
  std::string bytes;
  const bool taken = decoder.take(input.substr(0, cut), bytes) && decoder.take(input.substr(cut), bytes);
  require(whole.has_value() == (taken && decoder.complete()), "parts are judged as the whole is");
  if (whole) require(*whole == bytes, "parts decode to the whole");
  require(base::base64_decode(base::base64_encode(input)) == input, "what is encoded can be decoded");
}
