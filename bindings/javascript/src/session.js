// SPDX-License-Identifier: MIT
import { Isa, Port, SessionHandle } from "./generated.js";
import { LinnetError } from "./native_support.js";
import { Model, shapeOf, withOptions } from "./model.js";
import { threadCount } from "./module.js";
import { pixelsOf } from "./pictures.js";
import { Tensor, dtypeFor, dtypeName, dtypeNumber, elementCount, newData } from "./tensor.js";

const invalid = (message) => new LinnetError("INVALID_ARGUMENT", message);
const same = (a, b) => a.length === b.length && a.every((length, axis) => length === b[axis]);

export class Session {
  #handle;
  #model;
  #owned; // the model, unless it is the caller's
  #inputs;
  #names;
  #labels;

  constructor(model, { threads = threadCount(), isa = "auto" } = {}) {
    if (!(String(isa).toUpperCase() in Isa)) {
      throw invalid(`there is no instruction set "${isa}"; there are ` +
        Object.keys(Isa).join(", ").toLowerCase());
    }
    this.#owned = model instanceof Model ? null : new Model(model);
    this.#model = this.#owned ?? model;
    try {
      this.#handle = withOptions((options) => {
        options.setThreads(threads);
        if (threads > threadCount()) {
          throw new LinnetError("WRONG_STATE", `a session cannot have ${threads} threads: load() ` +
            `started ${threadCount()}; await load({ threads: ${threads} }) first`);
        }
        options.setIsa(Isa[isa.toUpperCase()]);
      }, (options) => SessionHandle.create(this.#model.handle, options));
      this.#inputs = this.#model.inputs;
      this.#names = this.#model.outputs.map(({ name }) => name);
      this.#labels = this.#model.labels;
    } catch (error) {
      this.#owned?.close();
      throw error;
    }
  }

  get handle() {
    return this.#handle;
  }

  get model() {
    return this.#model;
  }

  close() {
    this.#handle.close();
    this.#owned?.close();
  }

  get closed() {
    return this.#handle.closed;
  }

  run(inputs) {
    this.#setInputs(inputs);
    this.execute();
    return this.outputs();
  }

  execute() {
    this.#handle.run();
  }

  *steps(inputs) {
    this.#setInputs(inputs);
    const steps = this.#handle.stepCount();
    let done;
    do { // at least once: the outputs of a model without steps are its inputs
      done = this.#handle.step();
      yield { done, steps };
    } while (done < steps);
  }

  outputs() {
    return this.#names.map((name, index) => {
      const shape = shapeOf(this.#handle, Port.OUTPUT, index);
      const own = dtypeName(this.#handle.dtype(index));
      const [data, dtype] = newData(own, elementCount(shape));
      this.#handle.output(index, data, dtypeNumber(dtype));
      return new Tensor(data, shape, { name, dtype });
    });
  }

  cancel() {
    this.#handle.cancel();
  }

  watch(tensor) {
    const index = this.#handle.watch(tensor);
    this.#names.push(tensor);
    return index;
  }

  setInput(name, data) {
    const index = this.#index(name);
    const dtype = dtypeFor(data, this.#inputs[index].dtype);
    this.#handle.setInput(index, data, dtypeNumber(dtype));
  }

  setShape(name, shape) {
    this.#reshape(this.#index(name), shape);
  }

  get inputShapes() {
    return this.#inputs.map((_, index) => shapeOf(this.#handle, Port.INPUT, index));
  }

  get arenaBytes() {
    return Number(this.#handle.arenaBytes());
  }

  profile() {
    return Array.from({ length: this.#handle.stepCount() },
      (_, index) => this.#handle.stepInfo(index));
  }

  tune() {
    return this.#handle.tune();
  }

  setPicture(item, picture) {
    const { data, format, width, height, stride } = pixelsOf(picture);
    this.#handle.setPixels(item, data, format, width, height, stride);
  }

  top(item = 0, top = 5) {
    if (!Number.isInteger(top) || top < 1) throw invalid(`top is ${top}, expected 1 or more`);
    const most = Math.min(top, elementCount(shapeOf(this.#handle, Port.OUTPUT, 0)));
    const indices = new Int32Array(most), probabilities = new Float32Array(most);
    const found = this.#handle.top(item, indices, probabilities);
    return Array.from({ length: found }, (_, rank) => {
      const index = indices[rank];
      const label = this.#labels[index] ?? `class ${index}`;
      return { label, probability: probabilities[rank], index };
    });
  }

  /** Makes the session ready for a batch, where the model leaves its size free; true if so. */
  fitBatch(items) {
    const index = this.#inputs.findIndex(({ layout }) => layout !== null);
    if (index < 0 || this.#inputs[index].shape[0] !== null) return false;
    const [, ...picture] = shapeOf(this.#handle, Port.INPUT, index);
    this.#fit(index, [items, ...picture]);
    return true;
  }

  #index(name) {
    const index = this.#inputs.findIndex((input) => input.name === name);
    if (index >= 0) return index;
    const known = this.#inputs.map((input) => `"${input.name}"`).join(", ");
    throw invalid(`the model has no input "${name}"; its inputs are ${known}`);
  }

  #reshape(index, shape) {
    this.#handle.setShape(index, BigInt64Array.from(shape, (length) => BigInt(length)));
  }

  #fit(index, shape) {
    if (!same(shape, shapeOf(this.#handle, Port.INPUT, index))) this.#reshape(index, shape);
  }

  #setInputs(inputs) {
    const given = this.#byName(inputs);
    for (const [index, input] of given) {
      if (input instanceof Tensor) this.#fit(index, input.shape);
    }
    for (const [index, input] of given) {
      const data = input instanceof Tensor ? input.data : input;
      this.#handle.setInput(index, data, dtypeNumber(dtypeFor(data, this.#inputs[index].dtype)));
    }
  }

  #byName(inputs) {
    if (inputs instanceof Tensor || ArrayBuffer.isView(inputs)) {
      if (this.#inputs.length === 1) return [[0, inputs]];
      throw invalid(`the model has ${this.#inputs.length} inputs; give an object with one array ` +
        "for each name");
    }
    return Object.entries(inputs ?? {}).map(([name, input]) => [this.#index(name), input]);
  }
}
