// Writes models with their plan, see planned.h. Only in builds that tell what models need.
// SPDX-License-Identifier: MIT
#pragma once

#include "predictor/model.h"

namespace linnet {

#if defined(LINNET_TELL_USES)
// The plan for the default shapes; kWrongState or the like if the model waits for others.
Status write_planned_model(const Model &model, string_view path);
#endif

} // namespace linnet
