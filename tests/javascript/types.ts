// SPDX-License-Identifier: MIT
// Compiled by tsc, never run: what the declarations must take, and what they must refuse.
import { Classifier, LinnetError, Model, Session, Tensor, hasThreads, load } from "linnet";

export async function uses(bytes: Uint8Array, canvas: HTMLCanvasElement, frame: VideoFrame) {
  await load({ simd: true, threads: hasThreads() ? 2 : 1 });
  const classifier = new Classifier(bytes);
  const label: string = classifier.classify(canvas, { top: 3 })[0].label;
  classifier.classify(frame);
  classifier.classify({ data: bytes, width: 1, height: 1, channels: 3 });
  const session = new Session(new Model(bytes, { limits: { nodes: 5 } }), { threads: 2 });
  const outputs: Tensor[] = session.run({ x: new Float32Array(3) });
  for (const { done, steps } of session.steps(new Tensor(new Int8Array(1), [1]))) {
    const share: number = done / steps;
    void share;
  }
  try {
    session.execute();
  } catch (error) {
    if (error instanceof LinnetError && error.code === "NOT_FOUND") return label;
    // @ts-expect-error: no such code
    if (error instanceof LinnetError && error.code === "NOWHERE") return "";
  }
  // @ts-expect-error: a model is bytes, not a path
  new Model("model.onnx");
  // @ts-expect-error: two channels
  classifier.classify({ data: bytes, width: 1, height: 1, channels: 2 });
  // @ts-expect-error: no picture
  classifier.classify("cat.png");
  return outputs[0].name;
}
