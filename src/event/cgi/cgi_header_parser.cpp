// SPDX-License-Identifier: Apache-2.0
#include "event/cgi/cgi_header_parser.h"

#include "base/text/text.h"
#include "event/text/pieces.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace event {
namespace {

using base::equal_ignoring_case;

constexpr int kFound = 302;

// They speak of the connection, which is the gateway's, and of a length that it counts itself (6.3.4).
constexpr std::array<std::string_view, 8> kDropped = {
    "Connection", "Content-Length", "Keep-Alive",        "Proxy-Connection",
    "TE",         "Trailer",        "Transfer-Encoding", "Upgrade",
};

bool is_dropped(std::string_view name) {
  const bool is_extension = equal_ignoring_case(name.substr(0, 6), "X-CGI-");  // 6.3.5
  return is_extension || std::any_of(kDropped.begin(), kDropped.end(), [&](std::string_view dropped) {
           return equal_ignoring_case(name, dropped);
         });
}

bool has_control_characters(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Status {
  int code;
  std::string reason;
};

// "404" or "404 Not Found".
std::optional<Status> parse_status(std::string_view value) {
  if (value.size() < 3 || !std::all_of(value.begin(), value.begin() + 3, is_digit)) return std::nullopt;
  if (value.size() > 3 && value[3] != ' ') return std::nullopt;
  const int code = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
  if (code < 200 || code > 599) return std::nullopt;
  return Status{code, base::repair_utf8(base::trim(value.substr(3)))};
}

}  // namespace

CgiHeaderParser::Progress CgiHeaderParser::take(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    line_.append(bytes.substr(at, std::min(end - at, kLargestBlock + 1)));
    size_ += end - at + 1;
    if (size_ > kLargestBlock) return Malformed{"its header is over 64 KiB"};
    if (end == bytes.size()) break;
    ++lines_;
    if (line_.ends_with('\r')) line_.pop_back();
    auto fault = line_.empty() ? finish() : take_line(line_);
    if (!fault.empty()) return malformed(fault);
    if (line_.empty()) return Complete{std::move(head_), end + 1};
    line_.clear();
    at = end + 1;
  }
  return NeedMore{};
}

CgiHeaderParser::Malformed CgiHeaderParser::end_of_output() const {
  if (lines_ == 0 && line_.empty()) return {"it is empty"};
  return {"it ends in line " + std::to_string(lines_ + (line_.empty() ? 0 : 1)) +
          ", and no empty line has ended the header"};
}

CgiHeaderParser::Malformed CgiHeaderParser::malformed(const std::string& fault) const {
  return {"line " + std::to_string(std::max<std::size_t>(lines_, 1)) + ": " + fault};
}

CgiHeaderParser::Fault CgiHeaderParser::take_line(std::string_view line) {
  if (has_control_characters(line)) return "a control character";
  if (lines_ == 1 && line.starts_with("HTTP/")) return take_status_line(line);
  return take_field(line);
}

CgiHeaderParser::Fault CgiHeaderParser::take_status_line(std::string_view line) {
  const auto blank = line.find(' ');
  const auto version = line.substr(5, blank == std::string_view::npos ? blank : blank - 5);
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string_view::npos)
    return "no colon, and no status line of HTTP";
  const auto status =
      blank == std::string_view::npos ? std::nullopt : parse_status(base::trim(line.substr(blank)));
  if (!status) return "the status is none from 200 to 599";
  nph_ = has_status_ = true;
  head_.status = status->code;
  head_.reason = status->reason;
  return {};
}

CgiHeaderParser::Fault CgiHeaderParser::take_field(std::string_view line) {
  if (line[0] == ' ' || line[0] == '\t') return "a continuation line";
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return "no colon";
  if (!is_token(line.substr(0, colon))) return "what is before the colon is no name of a header";
  Header field{std::string(line.substr(0, colon)), base::repair_utf8(base::trim(line.substr(colon + 1)))};
  if (field.value.empty()) return {};  // as good as not sent (6.3)
  if (nph_ && equal_ignoring_case(field.name, "Transfer-Encoding"))
    return "a transfer coding, which cannot be undone";
  if (is_dropped(field.name)) return {};
  return take_cgi_field(field);
}

CgiHeaderParser::Fault CgiHeaderParser::take_cgi_field(const Header& field) {
  const auto again = [](bool& flag) { return std::exchange(flag, true); };
  if (equal_ignoring_case(field.name, "Status") && !nph_) {
    if (again(has_status_)) return "a second Status";
    const auto status = parse_status(field.value);
    if (!status) return "the status is none from 200 to 599";
    head_.status = status->code;
    head_.reason = status->reason;
    return {};
  }
  if (equal_ignoring_case(field.name, "Location") && again(has_location_)) return "a second Location";
  if (equal_ignoring_case(field.name, "Content-Type") && again(has_type_)) return "a second Content-Type";
  head_.headers.push_back(field);
  return {};
}

CgiHeaderParser::Fault CgiHeaderParser::finish() {
  if (!has_status_ && !has_location_ && !has_type_)
    return "the header ends without a Content-Type, Location or Status";
  if (!has_status_ && has_location_) head_.status = kFound;
  if (!untyped_.empty() && !has_type_ && !has_location_ && allows_body("GET", head_.status))
    head_.headers.push_back({"Content-Type", untyped_});
  return {};
}

std::variant<CgiHeaderParser::Complete, CgiHeaderParser::Malformed> parse_cgi_head(const base::Spool& output,
                                                                                   std::string untyped) {
  CgiHeaderParser parser(std::move(untyped));
  CgiHeaderParser::Progress progress = CgiHeaderParser::NeedMore{};
  std::size_t before = 0;
  // Ends early by a Status that says nothing.
  const auto read = for_each_piece(output, 0, [&](std::string_view piece) -> base::Status {
    progress = parser.take(piece);
    if (!std::holds_alternative<CgiHeaderParser::NeedMore>(progress)) return base::Error{};
    before += piece.size();
    return base::Done{};
  });
  if (auto* malformed = std::get_if<CgiHeaderParser::Malformed>(&progress)) return std::move(*malformed);
  auto* complete = std::get_if<CgiHeaderParser::Complete>(&progress);
  if (complete == nullptr)
    return read ? parser.end_of_output() : CgiHeaderParser::Malformed{read.error().message};
  complete->consumed += before;
  return std::move(*complete);
}

std::string words_about_cgi(std::string_view answer) {
  const auto progress = CgiHeaderParser().take(answer.substr(0, CgiHeaderParser::kLargestBlock));
  if (!std::holds_alternative<CgiHeaderParser::Complete>(progress)) return "";
  return ", but a CGI response: set SHELLSTRAP_RESPONSE_FORMAT=cgi";
}

}  // namespace event
