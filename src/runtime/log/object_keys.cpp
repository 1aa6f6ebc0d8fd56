// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/object_keys.h"

#include <cstddef>
#include <vector>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

using nlohmann::json;

// Reads along without building the document: what was written is passed on as it is.
class KeyReader : public json::json_sax_t {
 public:
  ObjectKeys keys;

  bool null() override { return next_value(); }
  bool boolean(bool) override { return next_value(); }
  bool number_integer(json::number_integer_t) override { return next_value(); }
  bool number_unsigned(json::number_unsigned_t) override { return next_value(); }
  bool number_float(json::number_float_t, const json::string_t&) override { return next_value(); }
  bool binary(json::binary_t&) override { return next_value(); }

  bool string(json::string_t& value) override {
    if (is_level_) keys.level_word = value;
    return next_value();
  }

  bool key(json::string_t& name) override {
    if (depth_ != 1) return true;
    keys.empty = false;
    is_level_ = name == "level";
    if (is_level_) keys.level_word.clear();  // readers of JSON take the last of two
    keys.level |= is_level_;
    keys.timestamp |= name == "timestamp";
    keys.request_id |= name == "requestId";
    keys.tenant_id |= name == "tenantId";
    return true;
  }

  bool start_object(std::size_t) override { return enter(); }
  bool start_array(std::size_t) override { return depth_ > 0 && enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

 private:
  // A value alone is no object.
  bool next_value() {
    is_level_ = false;
    return depth_ > 0;
  }
  bool enter() {
    is_level_ = false;
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool is_level_ = false;
};

}  // namespace

std::optional<ObjectKeys> keys_of_object(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // the parser takes it for the end
  KeyReader reader;
  if (!json::sax_parse(text, &reader)) return std::nullopt;
  return std::move(reader.keys);
}

}  // namespace runtime
