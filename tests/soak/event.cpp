// SPDX-License-Identifier: Apache-2.0
#include "event.h"

#include <utility>

namespace soak {
namespace {

constexpr std::size_t kSurvivesReset = 4096;

std::string text_of(Action action, const std::string& id, std::size_t padding) {
  return std::string(1, static_cast<char>(action)) + " " + id + " " + std::string(padding, 'p');
}

std::string batch_of(const Event& event) {
  const auto ids = ids_of(event);
  std::string json = R"({"Records":[)";
  for (std::size_t i = 0; i < ids.size(); ++i)
    json += (i > 0 ? "," : "") + (R"({"eventSource":"aws:sqs","messageId":")" + ids[i]) + R"(","body":")" +
            text_of(event.plan.records[i], ids[i], event.plan.padding) + R"("})";
  return json + "]}";
}

}  // namespace

Event make_event(std::size_t number, Plan plan) {
  Event event;
  event.number = number;
  event.deadline = (base::unix_now() + plan.time).count();
  event.deadline_at = base::SteadyClock::now() + plan.time;
  event.plan = std::move(plan);
  event.body = event.is_batch() ? batch_of(event)
                                : text_of(event.plan.action, std::to_string(number), event.plan.padding);
  // A reset takes along what is still on its way.
  if (event.body.size() > kSurvivesReset && event.plan.delivery == Delivery::reset_behind)
    event.plan.delivery = Delivery::close_behind;
  return event;
}

std::vector<std::string> ids_of(const Event& event) {
  if (!event.is_batch()) return {std::to_string(event.number)};
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < event.plan.records.size(); ++i)
    ids.push_back(std::to_string(event.number) + "-" + std::to_string(i));
  return ids;
}

}  // namespace soak
