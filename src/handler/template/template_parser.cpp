// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/template.h"

#include <charconv>
#include <utility>

namespace handler {
namespace {

using Fault = std::optional<TemplateFault>;

constexpr std::string_view kList = "...";
constexpr std::string_view kMark = "!";
constexpr std::string_view kFallback = ":-";
constexpr std::string_view kEvent = "*";
constexpr std::string_view kAnswer = ">";

bool opens(std::string_view text) {
  return text.starts_with("{/") || text.starts_with("{@");
}
bool is_escape(std::string_view text) {
  return text.starts_with("{{/") || text.starts_with("{{@");
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool may_be_in_file_name(char c) {
  return is_alphanumeric(c) || std::string_view("._-+").find(c) != std::string_view::npos;
}

/// What keeps a tool from having a file of that name, as the end of a sentence; nullptr: nothing.
const char* unfit_file_name(std::string_view name) {
  if (!is_alphanumeric(name.front())) return "begins with a letter or a digit";
  if (name.size() > kLongestFileName) return "has at most 100 characters";
  if (name.find("..") != std::string_view::npos || name.ends_with('.')) return "has no empty extension";
  if (name.starts_with(kNumberedName)) return "cannot begin with value-, as those without a name do";
  return nullptr;
}

/// Text in which %xx stands for a byte, with the offset that each byte came from.
struct Decoded {
  std::string text;
  std::vector<std::size_t> offsets;
};

std::variant<Decoded, TemplateFault> decode_percent(std::string_view text, std::size_t offset) {
  Decoded decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = static_cast<unsigned char>(text[at]);
    decoded.offsets.push_back(offset + at);
    if (text[at] == '%') {
      const auto digits = text.substr(at + 1, 2);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2)
        return TemplateFault{offset + at, "% wants two hexadecimal digits (it stands for itself as %25)"};
      if (byte == 0) return TemplateFault{offset + at, "a NUL byte cannot be written"};
      at += 2;
    }
    decoded.text += static_cast<char>(byte);
  }
  decoded.offsets.push_back(offset + text.size());
  return decoded;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::variant<Template, TemplateFault> parse() {
    while (at_ < text_.size()) {
      if (is_escape(rest())) {
        literal_ += text_.substr(at_ + 1, 2);
        at_ += 3;
      } else if (opens(rest())) {
        finish_literal();
        if (auto fault = placeholder()) return *std::move(fault);
      } else {
        literal_ += text_[at_++];
      }
    }
    finish_literal();
    return std::move(template_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  bool take(std::string_view expected) {
    if (!rest().starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  void finish_literal() {
    if (!literal_.empty()) template_.parts.emplace_back(std::exchange(literal_, {}));
  }

  Fault placeholder() {
    const auto start = at_;
    if (text_.find('}', at_) == std::string_view::npos)
      return TemplateFault{start, "a template that } does not close (as text it is written {" +
                                      std::string(text_.substr(start, 2)) + ")"};
    Placeholder place;
    if (auto fault = kind(place)) return fault;
    if (auto fault = pointer(place)) return fault;
    if (auto fault = suffixes(place, start)) return fault;
    if (!take("}"))
      return TemplateFault{at_, "} is expected here; in a name it is %xx that stands for !, ... and :-"};
    template_.parts.emplace_back(std::move(place));
    return std::nullopt;
  }

  // What stands in front of a pointer, which only values and files have.
  Fault kind(Placeholder& place) {
    ++at_;
    if (!take("@")) return std::nullopt;
    place.kind = Placeholder::Kind::file;
    if (take(kEvent)) place.kind = Placeholder::Kind::event;
    if (take(kAnswer)) place.kind = Placeholder::Kind::answer;
    if (place.kind == Placeholder::Kind::event) return std::nullopt;
    if (auto fault = file_name(place)) return fault;
    const bool may_go_on = rest().starts_with('/') && place.kind == Placeholder::Kind::file;
    if (may_go_on || rest().starts_with('}')) return std::nullopt;
    if (place.kind == Placeholder::Kind::answer)
      return TemplateFault{at_, "} is expected here: an answer has the name of a file and nothing else"};
    return TemplateFault{at_,
                         "behind {@ comes }, /pointer, the name of a file, >NAME or * (as text it is written "
                         "{{@)"};
  }

  // Letters, digits and the like: what no tool and no shell takes for anything else.
  Fault file_name(Placeholder& place) {
    const auto start = at_;
    while (at_ < text_.size() && may_be_in_file_name(text_[at_])) ++at_;
    place.file_name = text_.substr(start, at_ - start);
    const bool is_answer = place.kind == Placeholder::Kind::answer;
    if (place.file_name.empty())
      return is_answer
                 ? Fault(TemplateFault{start, "a file that becomes the answer has a name, as in {@>out.pdf}"})
                 : std::nullopt;
    if (const auto* unfit = unfit_file_name(place.file_name))
      return TemplateFault{start, std::string("the name of a file ") + unfit};
    if (!is_answer && place.file_name.find('.') == std::string::npos)
      return TemplateFault{start, "the name of a file has an extension, as in {@in.html}; a value is {@/" +
                                      place.file_name + "}"};
    return std::nullopt;
  }

  Fault pointer(Placeholder& place) {
    if (place.kind == Placeholder::Kind::event || place.kind == Placeholder::Kind::answer)
      return std::nullopt;
    const auto start = at_;
    while (!at_pointer_end()) ++at_;
    auto decoded = decode_percent(text_.substr(start, at_ - start), start);
    if (auto* fault = std::get_if<TemplateFault>(&decoded)) return std::move(*fault);
    const auto& [text, offsets] = std::get<Decoded>(decoded);
    auto parsed = JsonPointer::parse(text);
    if (auto* fault = std::get_if<JsonPointer::Fault>(&parsed))
      return TemplateFault{offsets[fault->offset], std::move(fault->what)};
    place.pointer = std::get<JsonPointer>(std::move(parsed));
    return std::nullopt;
  }

  [[nodiscard]] bool at_pointer_end() const {
    for (const auto end : {std::string_view("}"), kList, kMark, kFallback})
      if (rest().starts_with(end)) return true;
    return false;
  }

  Fault suffixes(Placeholder& place, std::size_t start) {
    const bool is_path = place.kind == Placeholder::Kind::file || place.kind == Placeholder::Kind::answer;
    const auto list_at = at_;
    if (place.kind == Placeholder::Kind::value && take(kList)) place.kind = Placeholder::Kind::list;
    if (place.kind == Placeholder::Kind::list && (start != 0 || !template_.parts.empty()))
      return TemplateFault{list_at, "a list stands alone: it becomes arguments of its own"};
    if (!is_path && take(kMark)) place.may_be_option = true;
    if (place.pointer.tokens().empty() || !take(kFallback)) return std::nullopt;
    return fallback(place);
  }

  Fault fallback(Placeholder& place) {
    const auto start = at_;
    at_ = text_.find('}', at_);
    if (at_ == std::string_view::npos) return TemplateFault{start, "a default that } does not close"};
    auto decoded = decode_percent(text_.substr(start, at_ - start), start);
    if (auto* fault = std::get_if<TemplateFault>(&decoded)) return std::move(*fault);
    place.fallback = std::move(std::get<Decoded>(decoded).text);
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string literal_;
  Template template_;
};

Fault list_with_company(const Template& parsed, std::string_view text) {
  if (parsed.parts.size() < 2) return std::nullopt;
  const auto* first = std::get_if<Placeholder>(&parsed.parts.front());
  if (first == nullptr || first->kind != Placeholder::Kind::list) return std::nullopt;
  return TemplateFault{text.find('}') + 1, "a list stands alone: it becomes arguments of its own"};
}

}  // namespace

std::variant<Template, TemplateFault> parse_template(std::string_view text) {
  auto parsed = Parser(text).parse();
  if (const auto* done = std::get_if<Template>(&parsed))
    if (auto fault = list_with_company(*done, text)) return *std::move(fault);
  return parsed;
}

}  // namespace handler
