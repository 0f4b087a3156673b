// SPDX-License-Identifier: MIT
import { defaultModel } from "./module.js";
import { Session } from "./session.js";

export class Classifier {
  #session;

  constructor(model) {
    this.#session = new Session(model ?? defaultModel());
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
  }

  get closed() {
    return this.#session.closed;
  }
}
