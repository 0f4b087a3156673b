// SPDX-License-Identifier: MIT
export { Classifier } from "./classifier.js";
export { LinnetError } from "./native_support.js";
export { Model } from "./model.js";
export { Session } from "./session.js";
export { Tensor } from "./tensor.js";
export { buildInfo, version } from "./generated.js";
export { defaultModel, hasSimd, load } from "./module.js";
export { hasThreads } from "./threads.js";
