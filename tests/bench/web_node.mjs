// SPDX-License-Identifier: MIT
// web_node.mjs PACKAGE ORT FOLDER ROUNDS THREADS NETWORK...: web_rounds.js under Node.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { measure } from "./web_rounds.js";

const [entry, ortEntry, folder, rounds, threads, ...networks] = process.argv.slice(2);
const linnet = await import(pathToFileURL(entry));
const ort = await import(pathToFileURL(ortEntry));
const read = (name) => new Uint8Array(fs.readFileSync(path.join(folder, `${name}.onnx`)));
const found = await measure(linnet, ort, networks, Number(rounds), Number(threads), read);
console.log(JSON.stringify(found));
