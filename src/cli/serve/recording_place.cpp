// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/recording_place.h"

#include "api/wire/wire.h"
#include "emulator/call/answer_listener.h"
#include "emulator/call/reply.h"

#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace cli {
namespace {

/// Keeps what streams by. The text is read when the call has succeeded: then nothing comes any more.
class Copy : public emulator::AnswerListener {
 public:
  explicit Copy(std::shared_ptr<emulator::AnswerListener> target) : target_(std::move(target)) {}

  void begin(const std::string& content_type) override { target_->begin(content_type); }
  bool take(std::string_view bytes) override {
    if (bytes.size() > api::wire::kLargestResponse - text_.size()) is_whole_ = false;
    if (is_whole_) text_.append(bytes);
    const bool is_wanted = target_->take(bytes);
    if (!is_wanted) is_whole_ = false;
    return is_wanted;
  }
  void end() override { target_->end(); }

  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const std::shared_ptr<emulator::AnswerListener> target_;
  std::string text_;
  std::atomic<bool> is_whole_ = true;  // also asked of a call that was given up while it streamed
};

/// Whether the function was called, and is what ended the call.
bool is_of_the_function(const emulator::Reply& reply) {
  return !std::holds_alternative<emulator::InitFailed>(reply) &&
         !std::holds_alternative<emulator::InitTimedOut>(reply) &&
         !std::holds_alternative<emulator::NotStarted>(reply) &&
         !std::holds_alternative<emulator::Cancelled>(reply);
}

/// As `shellstrap test` finds it: without request id, a streamed one collected.
TestAnswer answer_of(const emulator::Reply& reply, const Copy* copy) {
  auto answer = emulator::service_answer(reply, "*");
  if (answer.is_error()) return {std::move(answer.payload), true, ""};
  const bool is_streamed = copy != nullptr && std::holds_alternative<emulator::Streamed>(reply);
  return {is_streamed ? copy->text() : std::move(answer.payload), false, ""};
}

}  // namespace

emulator::Place::Served RecordingPlace::serve(emulator::Event event) {
  const std::string payload = event.payload;
  const auto copy = event.listener ? std::make_shared<Copy>(event.listener) : nullptr;
  if (copy) event.listener = copy;
  auto served = place_->serve(std::move(event));
  if (!is_of_the_function(served.reply)) return served;
  if (copy && !copy->is_whole())
    recorder_.leave_out("its streamed answer was larger than 6 MiB, or its client left");
  else
    recorder_.record(payload, answer_of(served.reply, copy.get()));
  return served;
}

}  // namespace cli
