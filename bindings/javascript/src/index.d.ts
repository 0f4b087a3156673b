// SPDX-License-Identifier: MIT
export { LinnetError, buildInfo, version } from "./generated.js";

/** Options of load(). */
export interface LoadOptions {
  /** Whether to take the module with vectors; by default where this machine runs it. */
  simd?: boolean;
  /**
   * How many threads sessions may have, the caller's included: 1 (the default) to 64. More than one
   * needs hasThreads(), else load() rejects with UNSUPPORTED. The others are workers, which sleep
   * while no session runs and end with what loaded the module.
   */
  threads?: number;
  /** Whether to load the embedded model, too (1.5 MB); default true. */
  defaultModel?: boolean;
}

/**
 * Loads the module, once: everything else answers at once after it, and throws WRONG_STATE before.
 * Call it again where you like. The first call decides which module is taken; a later one that asks
 * for more threads is rejected with WRONG_STATE.
 */
export function load(options?: LoadOptions): Promise<void>;

/** Whether this machine runs the module with vectors. */
export function hasSimd(): boolean;

/**
 * Whether threads are to be had: in Node, and in pages that are cross-origin isolated. For
 * load({ threads: hasThreads() ? 4 : 1 }).
 */
export function hasThreads(): boolean;

/** The embedded model: ten classes of CIFAR-10. The bytes are the caller's. */
export function defaultModel(): Uint8Array;

/** The bytes of a model file: ONNX, or what linnet_model_save() wrote. */
export type Source = ArrayBuffer | ArrayBufferView;

/** Element types. */
export type DtypeName = "float32" | "uint8" | "int8" | "int32" | "int64" | "bool" | "float16" |
  "float64" | "bfloat16";

/** Elements in order. float16 and bfloat16 are the bits of each; bool is 0 or 1. */
export type TensorData = Float32Array | Float64Array | Int8Array | Int32Array | BigInt64Array |
  Uint8Array | Uint8ClampedArray | Uint16Array;

/** An array with a shape. It holds `data` itself, no copy. */
export class Tensor {
  constructor(data: TensorData, shape: readonly number[],
              options?: { name?: string; dtype?: DtypeName });
  readonly data: TensorData;
  readonly shape: number[];
  readonly dtype: DtypeName;
  readonly name: string;
}

/** An input or output; null in the shape is an axis that is free. */
export interface TensorInfo {
  name: string;
  shape: (number | null)[];
  dtype: DtypeName;
  /** Of the input that takes pictures. */
  layout: "NCHW" | "NHWC" | null;
}

export interface ModelOptions {
  /** Entries in place of the file's own, such as { "linnet.labels": "cat\ndog" }. */
  metadata?: Record<string, string>;
  /** Limits for files that are not trusted. */
  limits?: { fileBytes?: number; nodes?: number; tensorElements?: number };
}

/**
 * A trained network: graph, weights, labels, preprocessing. Immutable. A model that cannot be run
 * faithfully does not open: UNSUPPORTED lists all that is missing.
 */
export class Model {
  constructor(source: Source, options?: ModelOptions);
  /** Frees the model; sessions that use it go on. */
  close(): void;
  readonly closed: boolean;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  /** The labels of the classes; empty if the model carries none. */
  readonly labels: string[];
  /** The value of a metadata key, or `otherwise`. */
  metadata(key: string, otherwise?: string | null): string | null;
  /** The SHA-256 of the model file. */
  readonly digest: string;
  /** The number of weights. */
  readonly parameters: number;
  /** Multiply-adds of one run, free axes taken as 1. */
  readonly macs: number;
  /** How many nodes of the file use each operator. */
  readonly operators: Record<string, number>;
  /** Compares the checksums of a saved model: MALFORMED if the file is damaged. */
  verify(): void;
}

/** What run() takes: the only input, or one for each name. Bare arrays have the session's shape. */
export type Inputs = Tensor | TensorData | Record<string, Tensor | TensorData>;

/** One step of the last run: the tensor that it computes, its kernel, its time. */
export interface StepTime {
  tensor: string;
  kernel: string;
  milliseconds: number;
}

/** A class with its probability. The label of a model without labels is "class INDEX". */
export interface Prediction {
  label: string;
  probability: number;
  index: number;
}

/** What is taken for a picture. Samples have 8 bits; alpha is ignored. */
export type Picture = PixelData | PagePicture;

/** 1 (gray), 3 (RGB) or 4 (RGBA) channels; by default what the length of `data` says. */
export interface PixelData {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  channels?: 1 | 3 | 4;
}

type Global<Name extends string> =
  typeof globalThis extends { [Key in Name]: { prototype: infer Instance } } ? Instance : never;

/** What a page or worker has; in Node, where these types are unknown, none. */
export type PagePicture = Global<"ImageData"> | Global<"HTMLImageElement"> |
  Global<"HTMLVideoElement"> | Global<"HTMLCanvasElement"> | Global<"OffscreenCanvas"> |
  Global<"ImageBitmap"> | Global<"VideoFrame">;

/** A model made ready to run, with the memory for it. What it returns are copies, never views. */
export class Session {
  /** `threads`, by default all that load() started, work on a run; the answer does not depend on
   * their number. */
  constructor(model: Model | Source,
              options?: { threads?: number; isa?: "auto" | "plain" | "wasm" });
  readonly model: Model;
  /** Frees the session and its memory, and the model unless it was the caller's. */
  close(): void;
  readonly closed: boolean;
  /** Runs the model and returns its outputs, watched tensors last. A shape that differs from the
   * session's is welcome where the model leaves that axis free. */
  run(inputs: Inputs): Tensor[];
  /** Runs the model on the inputs that were set before. */
  execute(): void;
  /** As run(), step by step; after the last one outputs() has the result. For progress bars, and
   * to give a run up or let other work in between steps. */
  steps(inputs: Inputs): Generator<{ done: number; steps: number }, void, void>;
  /** The outputs of the last run. float16 and bfloat16 come as float32. */
  outputs(): Tensor[];
  /** Ends the run under way between its steps, or the next one, with CANCELLED. */
  cancel(): void;
  /** Adds a tensor inside the model to the outputs; returns its index there. */
  watch(tensor: string): number;
  setInput(name: string, data: TensorData): void;
  setShape(name: string, shape: readonly number[]): void;
  readonly inputShapes: number[][];
  /** The bytes that the session's tensors take, exactly. */
  readonly arenaBytes: number;
  profile(): StepTime[];
  /** Measures which way of computing each kind of convolution is the fastest here, for the shapes and
   * threads of the session: the value for the metadata entry linnet.convolutions of models that are
   * opened. Takes the time of some 36 runs, and a clock finer than that of pages that are not
   * cross-origin isolated. */
  tune(): string;
  /** Puts a picture into an item of the batch, with the model's own preprocessing. */
  setPicture(item: number, picture: Picture): void;
  /** The most probable classes of an item of the last run, best first. */
  top(item?: number, top?: number): Prediction[];
}

/** Says what is on pictures. Without a model it takes the embedded one. */
export class Classifier {
  constructor(model?: Model | Source);
  readonly model: Model;
  readonly session: Session;
  /** The most probable classes, best first; five, if `top` does not say otherwise. */
  classify(picture: Picture, options?: { top?: number }): Prediction[];
  /** classify() for several, in one run where the model leaves the size of the batch free. */
  classifyBatch(pictures: Iterable<Picture>, options?: { top?: number }): Prediction[][];
  /** Frees the session, and the model unless it was the caller's. */
  close(): void;
  readonly closed: boolean;
}
