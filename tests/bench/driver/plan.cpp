// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/plan.h"

#include "bench/driver/loads.h"
#include "bench/driver/names.h"

#include <cstdio>

namespace bench {

using std::chrono::milliseconds;

std::vector<Contestant> contestants(const Plan& plan) {
  return {{kFloor, plan.floor, plan.place.task_root + "/echo", {}},
          {kExecutable, plan.bootstrap, "echo", {}},
          {kScript, plan.bootstrap, "script.sh", {}},
          {kFunction, plan.bootstrap, "function.handler", {}},
          {kManyFunctions, plan.bootstrap, "many.handler", {}},
          {kCurlLoop, plan.curl_loop, "function.handler", {}},
          {kSixteen, plan.bootstrap, "function.handler", {kAtOnce}, 16}};
}

std::vector<Load> loads(const Plan& plan) {
  std::vector<Load> all{
      {"20 B, back to back", kSmallEvent, milliseconds(0), milliseconds(4000)},
      {"20 B, 3 ms apart", kSmallEvent, milliseconds(3), milliseconds(6000)},
      {"100 KB, back to back", kMediumEvent, milliseconds(0), milliseconds(2500)},
      {"100 KB, 3 ms apart", kMediumEvent, milliseconds(3), milliseconds(3500)},
      {"6 MB, back to back", kLargeEvent, milliseconds(0), milliseconds(3000)},
      {"6 MB, 3 ms apart", kLargeEvent, milliseconds(3), milliseconds(3000)},
  };
  std::erase_if(all, [&](const Load& load) { return load.name.find(plan.load) == std::string::npos; });
  return all;
}

void say(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
}

}  // namespace bench
