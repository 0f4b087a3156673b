// SPDX-License-Identifier: MIT
import { Model } from "./model.js";
import { defaultModel } from "./module.js";
import { Session } from "./session.js";

export class Classifier {
  #session;
  #owned;

  constructor(model) {
    this.#owned = model instanceof Model ? null : new Model(model ?? defaultModel());
    try {
      this.#session = new Session(this.#owned ?? model);
    } catch (error) {
      this.#owned?.close();
      throw error;
    }
  }

  get model() {
    return this.#session.model;
  }

  get session() {
    return this.#session;
  }

  classify(picture, options) {
    return this.classifyBatch([picture], options)[0];
  }

  classifyBatch(pictures, { top = 5 } = {}) {
    const list = [...pictures];
    if (list.length > 0 && this.#session.fitBatch(list.length)) return this.#together(list, top);
    return list.flatMap((picture) => this.#together([picture], top));
  }

  #together(pictures, top) {
    pictures.forEach((picture, item) => this.#session.setPicture(item, picture));
    this.#session.execute();
    return pictures.map((_, item) => this.#session.top(item, top));
  }

  close() {
    this.#session.close();
    this.#owned?.close();
  }

  get closed() {
    return this.#session.closed;
  }
}
