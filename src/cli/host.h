// Drives a Runner: reads, decodes on all cores, tells the progress.
#pragma once

#include <functional>

#include "cli/store.h"
#include "validate/runner.h"

namespace mifa::cli {

// Until the runner is done. `progress` is called now and then from this thread; where it answers
// false, the run is left as it is.
void drive(validate::Runner& runner, const Store& store,
           const std::function<bool(const validate::Progress&)>& progress);

}  // namespace mifa::cli
