// SPDX-License-Identifier: MIT
// What is seen and operated. The network itself runs in worker.js.
import cat from "../pictures/cat_1.png";
import frog from "../pictures/frog_1.png";
import ship from "../pictures/ship_1.png";
import { Camera } from "./camera.js";
import { classifyFrame, classifyPicture, openModel } from "./engine.js";

const MOST_PICTURES = 48; // that are kept
const SAY_EVERY = 3000; // milliseconds, of what the camera sees

const at = (id) => document.getElementById(id);
const percent = new Intl.NumberFormat("en", { style: "percent",
  minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const camera = new Camera(at("video"));

let pictures = []; // { name, file, url, button, predictions, milliseconds }, newest first
let shown = null; // one of them
let saidAt = 0;

// -- what is said -------------------------------------------------------------------------------

function complain(text) {
  at("problem-text").textContent = text;
  at("problem-close").hidden = text === "";
  at("problem").classList.toggle("shown", text !== "");
}

function also(text) {
  complain([at("problem-text").textContent, text].filter(Boolean).join("\n"));
}

/** To the eye at once; to a screen reader not more often than it can follow. */
function say(text, { often = false } = {}) {
  at("headline").textContent = text;
  if (often && performance.now() - saidAt < SAY_EVERY) return;
  if (at("status").textContent === text) return;
  at("status").textContent = text;
  saidAt = performance.now();
}

const first = ([{ label, probability }]) => `${label}, ${percent.format(probability)}`;

function newLine() {
  const line = document.createElement("li");
  line.innerHTML = `<div class="text"><span></span> <span></span></div>
    <div class="track" aria-hidden="true"><div class="bar"></div></div>`;
  return line;
}

/** The bars. Lines stay where they are, so that nothing flickers while the camera runs. */
function showPredictions(predictions) {
  const list = at("predictions");
  while (list.children.length < predictions.length) list.append(newLine());
  while (list.children.length > predictions.length) list.lastChild.remove();
  predictions.forEach(({ label, probability }, rank) => {
    const [name, number] = list.children[rank].querySelectorAll("span");
    name.textContent = label;
    number.textContent = percent.format(probability);
    list.children[rank].querySelector(".bar").style.width = `${probability * 100}%`;
  });
}

function showStage(name) {
  for (const id of ["hint", "image", "video"]) at(id).hidden = id !== name;
  at("stage").classList.toggle("full", name !== "hint");
  at("predictions").classList.toggle("live", name === "video");
}

// -- pictures -----------------------------------------------------------------------------------

function show(picture) {
  stopCamera();
  shown = picture;
  showStage("image");
  at("image").src = picture.url;
  at("image").alt = picture.name;
  for (const { button } of pictures) button.removeAttribute("aria-current");
  picture.button.setAttribute("aria-current", "true");
  showPredictions(picture.predictions);
  at("timing").textContent = `${picture.milliseconds.toFixed(1)} ms for this picture`;
  say(`${picture.name}: ${first(picture.predictions)}`);
}

function newButton(picture) {
  const button = document.createElement("button");
  button.type = "button";
  const image = Object.assign(new Image(), { src: picture.url, alt: "" });
  button.append(image, document.createElement("span"), document.createElement("span"));
  button.onclick = () => show(picture);
  return button;
}

function describe(picture) {
  const [name, answer] = picture.button.querySelectorAll("span");
  name.textContent = picture.name;
  answer.textContent = first(picture.predictions);
}

function keep(picture) {
  picture.url = URL.createObjectURL(picture.file);
  picture.button = newButton(picture);
  describe(picture);
  pictures.unshift(picture);
  const item = document.createElement("li");
  item.append(picture.button);
  at("strip").prepend(item);
  at("strip").parentElement.hidden = false;
  for (const old of pictures.splice(MOST_PICTURES)) {
    URL.revokeObjectURL(old.url);
    old.button.parentElement.remove();
  }
}

async function classify(picture) {
  Object.assign(picture, await classifyPicture(picture.file));
}

async function addPictures(files) {
  let newest;
  for (const file of files) {
    const picture = { name: file.name, file };
    try {
      await classify(picture);
    } catch (error) {
      also(`${picture.name} was not classified: ${error.message}`);
      continue;
    }
    keep(picture);
    newest = picture;
  }
  if (newest) show(newest);
}

// -- models -------------------------------------------------------------------------------------

async function classifyAgain() {
  for (const picture of pictures) {
    await classify(picture);
    describe(picture);
  }
  if (shown && !camera.running) show(shown);
}

async function takeModel(file) {
  say(file ? `Opening ${file.name}` : "Loading the network");
  let model;
  try {
    model = await openModel(file);
  } catch (error) {
    if (shown) say(`${shown.name}: ${first(shown.predictions)}`);
    else say(file ? "Ready for a picture" : "There is no network");
    also(file ? `${file.name} was not taken, and the model stays as it was: ${error.message}`
      : `The network could not be loaded: ${error.message}`);
    return;
  }
  const name = file?.name ?? model.name ?? "The built-in model";
  at("model").textContent = [name,
    model.classes ? `${model.classes} classes` : "classes without names",
    `${short.format(model.parameters)} weights`,
    `${short.format(model.macs)} multiply-adds`].join(", ");
  at("model-default").hidden = !file;
  say(file ? `${file.name} is in use` : "Ready for a picture");
  await classifyAgain();
}

const isModel = ({ name }) => /\.(onnx|linnet)$/i.test(name);

/** Pictures, models or both: the pictures are then for the new model. */
async function take(files) {
  complain("");
  const model = files.find(isModel);
  if (model) await takeModel(model);
  await addPictures(files.filter((file) => !isModel(file)));
}

// -- the camera ---------------------------------------------------------------------------------

async function showFrame(bitmap) {
  const { predictions, milliseconds } = await classifyFrame(bitmap);
  if (!camera.running) return milliseconds;
  const began = performance.now();
  showPredictions(predictions);
  at("timing").textContent = `${milliseconds.toFixed(1)} ms for this frame`;
  const measured = camera.measured();
  if (measured) {
    at("load").textContent = `${measured.rate.toFixed(1)} frames a second, ` +
      `${percent.format(measured.share)} of a core`;
  }
  say(`Camera: ${predictions[0].label}`, { often: true });
  return milliseconds + performance.now() - began;
}

function stopCamera() {
  camera.stop();
  at("camera").textContent = "Use the camera";
  at("load").textContent = "";
  at("rate-row").hidden = true;
  if (at("video").hidden) return;
  showStage("hint");
  showPredictions([]);
  at("timing").textContent = "";
}

async function runCamera() {
  complain("");
  at("camera").disabled = true; // until the camera is there, or is refused
  try {
    await camera.run(showFrame, () => {
      at("camera").disabled = false;
      at("camera").textContent = "Stop the camera";
      shown?.button.removeAttribute("aria-current");
      shown = null;
      showStage("video");
      at("rate-row").hidden = false;
      say("The camera is on");
      at("camera").focus(); // a disabled button loses it
    });
  } catch (error) {
    stopCamera();
    complain(error.message);
  } finally {
    at("camera").disabled = false;
  }
}

// -- what the user does -------------------------------------------------------------------------

/** Files are taken one action after the other. */
let last = takeModel(null);
function next(action) {
  last = last.then(action).catch((error) => complain(error.message));
}
function takeNext(files) {
  const list = [...files]; // a FileList empties when its input does
  next(() => take(list));
}

function addSample(name, url) {
  const button = Object.assign(document.createElement("button"), { type: "button",
    textContent: name });
  button.onclick = async () => {
    try {
      const bytes = await (await fetch(new URL(url, import.meta.url))).blob();
      takeNext([new File([bytes], name, { type: "image/png" })]);
    } catch (error) {
      complain(`The sample cannot be fetched: ${error.message}`);
    }
  };
  at("samples").append(button);
}

at("pictures").onchange = ({ target }) => {
  takeNext(target.files);
  target.value = ""; // so that the same file can be chosen again
};
at("model-file").onchange = ({ target }) => {
  const [file] = target.files;
  next(() => {
    complain("");
    return takeModel(file);
  });
  target.value = "";
};
for (const [name, url] of Object.entries({ cat, frog, ship })) addSample(name, url);

at("problem-close").onclick = () => {
  complain("");
  at("pictures").focus();
};
at("model-default").onclick = () => {
  complain("");
  next(() => takeModel(null));
  at("model-file").focus(); // this button goes
};
at("camera").onclick = () => {
  if (camera.running) {
    stopCamera();
    say("The camera is off");
  } else {
    runCamera();
  }
};
at("rate").oninput = () => {
  camera.rate = Number(at("rate").value);
  at("rate-text").textContent = at("rate").value;
};
at("rate").oninput(); // browsers may restore a value

addEventListener("paste", ({ clipboardData }) => {
  if (clipboardData.files.length > 0) takeNext(clipboardData.files);
  else complain("There is no picture in the clipboard. Copy a picture, not its address.");
});
addEventListener("dragover", (event) => {
  event.preventDefault(); // or the browser would leave the page
  document.body.classList.add("dropping");
});
addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length > 0) takeNext(event.dataTransfer.files);
  else complain("That was no file. Drop pictures or a model.");
});
