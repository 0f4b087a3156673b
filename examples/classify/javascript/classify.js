// SPDX-License-Identifier: MIT
// Says what is on pictures: the five most probable classes of each.
//
//     npm install && node classify.js [--model MODEL] PICTURE...
//
// The same program exists in C, C++, Python, Java and Go, where it can also use several threads.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { Classifier, LinnetError, load } from "linnet";
import sharp from "sharp";

const USAGE = "usage: classify [--model MODEL] PICTURE...";

/** 8-bit samples of red, green and blue: alpha is dropped, 16 bits lose their lower byte. */
async function readPicture(path) {
  const image = sharp(readFileSync(path), { failOn: "truncated", ignoreIcc: true }).removeAlpha();
  const { space, depth } = await image.metadata();
  if (space === "cmyk") throw new Error("pictures in CMYK are not read");
  const wide = depth === "ushort";
  const { data: samples, info } = await image.toColourspace(wide ? space : "srgb").raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const data = wide ? samples.filter((_, byte) => byte % 2 === 1) : samples;
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function complain(...parts) {
  console.error(["classify", ...parts].join(": "));
}

async function classifyAll(classifier, paths) {
  let good = true;
  for (const path of paths) {
    try {
      const predictions = classifier.classify(await readPicture(path), { top: 5 });
      console.log(path);
      for (const { label, probability } of predictions) {
        console.log(`  ${probability.toFixed(4)}  ${label}`);
      }
    } catch (error) {
      complain(path, error.message);
      good = false;
    }
  }
  return good;
}

function argumentsOf() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true,
      options: { model: { type: "string" }, help: { type: "boolean", short: "h" } } });
    return values.help || positionals.length === 0 ? null : [values.model, positionals];
  } catch (error) {
    complain(error.message);
    return null;
  }
}

async function main() {
  const parsed = argumentsOf();
  if (!parsed) {
    console.error(USAGE);
    return 2;
  }
  const [model, paths] = parsed;
  await load({ defaultModel: !model });
  let classifier;
  try {
    classifier = new Classifier(model && readFileSync(model));
  } catch (error) {
    if (!(error instanceof LinnetError || error.code === "ENOENT")) throw error;
    complain(...(model ? [model] : []), error.message);
    return 1;
  }
  const good = await classifyAll(classifier, paths);
  classifier.close();
  return good ? 0 : 1;
}

process.exitCode = await main();
