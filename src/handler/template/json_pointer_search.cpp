// SPDX-License-Identifier: Apache-2.0
#include "handler/template/json_pointer_search.h"

#include "event/json/json_text.h"

#include <algorithm>
#include <utility>

namespace handler {
namespace {

bool names(std::string_view literal, const std::string& name) {
  const auto inside = literal.substr(1, literal.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside == name;
  std::string decoded;
  return event::StringReader(literal).read(literal.size(), decoded) && decoded == name;
}

// How far one pointer agrees with the place that the scan has reached.
struct Trail {
  const JsonPointer* pointer;
  std::size_t matched = 0;  // of its tokens: those that lead to the current place
  std::size_t reached = 0;  // the most that ever did
  std::size_t start = 0;
  JsonTarget target{};
};

class Follower : public JsonVisitor {
 public:
  Follower(std::string_view json, const std::vector<JsonPointer>& pointers) : json_(json) {
    for (const auto& pointer : pointers) {
      trails_.push_back({&pointer});
      longest_ = std::max(longest_, pointer.tokens().size());
    }
    counts_.resize(longest_ + 1);
  }

  void begin(std::size_t offset) override {
    for_each_target([&](Trail& trail) { trail.start = offset; });
  }

  void end(std::size_t offset) override {
    for_each_target(
        [&](Trail& trail) { trail.target.literal = json_.substr(trail.start, offset - trail.start); });
  }

  void open() override {
    if (++depth_ <= longest_) counts_[depth_] = 0;
  }

  void close() override {
    --depth_;
    if (depth_ < longest_)
      for (auto& trail : trails_) trail.matched = std::min(trail.matched, depth_);
  }

  void member(std::string_view literal) override {
    follow([&](Trail& trail, const JsonPointer::Token& token) {
      if (!names(literal, token.text)) return false;
      // What leads here was unique so far, or it has been noted already.
      trail.target.is_ambiguous |= trail.reached >= depth_;
      return true;
    });
  }

  void element() override {
    if (depth_ > longest_) return;
    const auto index = counts_[depth_]++;
    follow([&](Trail& /*trail*/, const JsonPointer::Token& token) { return token.index == index; });
  }

  std::vector<JsonTarget> targets() {
    std::vector<JsonTarget> targets;
    for (const auto& trail : trails_) targets.push_back(trail.target);
    return targets;
  }

 private:
  template <typename Use>
  void for_each_target(Use use) {
    if (depth_ > longest_) return;
    for (auto& trail : trails_)
      if (trail.matched == depth_ && trail.pointer->tokens().size() == depth_) use(trail);
  }

  // The next value is one step below the container that was opened last.
  template <typename Matches>
  void follow(Matches matches) {
    if (depth_ > longest_) return;
    for (auto& trail : trails_) {
      trail.matched = std::min(trail.matched, depth_ - 1);
      const auto& tokens = trail.pointer->tokens();
      if (trail.matched < depth_ - 1 || tokens.size() < depth_) continue;
      if (!matches(trail, tokens[depth_ - 1])) continue;
      trail.matched = depth_;
      trail.reached = std::max(trail.reached, depth_);
    }
  }

  std::string_view json_;
  std::vector<Trail> trails_;
  std::size_t longest_ = 0;          // tokens of a pointer: what is deeper is of no interest
  std::size_t depth_ = 0;            // open containers
  std::vector<std::size_t> counts_;  // by depth: elements begun
};

class ElementList : public JsonVisitor {
 public:
  ElementList(std::string_view array, std::size_t most) : array_(array), most_(most) {}

  void begin(std::size_t offset) override {
    if (depth_ == 1) start_ = offset;
  }
  void end(std::size_t offset) override {
    if (depth_ == 1 && elements.size() < most_) elements.push_back(array_.substr(start_, offset - start_));
  }
  void open() override { ++depth_; }
  void close() override { --depth_; }

  std::vector<std::string_view> elements;

 private:
  std::string_view array_;
  std::size_t most_;
  std::size_t depth_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::variant<std::vector<JsonTarget>, JsonFault> find_targets(std::string_view json,
                                                              const std::vector<JsonPointer>& pointers) {
  Follower follower(json, pointers);
  if (auto fault = scan_json(json, follower)) return *std::move(fault);
  return follower.targets();
}

std::vector<std::string_view> elements_of(std::string_view array, std::size_t most) {
  ElementList list(array, most);
  scan_json(array, list);
  return std::move(list.elements);
}

}  // namespace handler
