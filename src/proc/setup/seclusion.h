// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace proc {

/// From now on other processes of the same user may neither trace this one nor read its memory, environment
/// and descriptors through /proc (without CAP_SYS_PTRACE), and no core of it is written. A handler could take
/// the events of other invocations from there, and the address of the Runtime API. For the first lines of
/// main: of what belongs to this process, /proc then shows only what everybody may read, and what the process
/// asks about itself. Children are as usual after their exec. A refusal is not an error.
void shut_others_out();

}  // namespace proc
