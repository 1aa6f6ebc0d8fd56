// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/serve/recorder.h"
#include "emulator/call/place.h"

#include <memory>

namespace cli {

/// A place whose calls are recorded: all that came to the function and were answered by it, also with an
/// error. An answer waits until its case is written, streamed ones excepted.
class RecordingPlace : public emulator::Place {
 public:
  /// `recorder` is borrowed.
  RecordingPlace(std::unique_ptr<emulator::Place> place, Recorder& recorder)
      : place_(std::move(place)), recorder_(recorder) {}

  Served serve(emulator::Event event) override;
  void cancel() override { place_->cancel(); }

 private:
  const std::unique_ptr<emulator::Place> place_;
  Recorder& recorder_;
};

}  // namespace cli
