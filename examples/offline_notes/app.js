// SPDX-License-Identifier: MIT
// The page of Offline Notes: notes in localStorage, the guide from the server, and where each
// answer came from.

const TINTS = ["teal", "amber", "rose", "violet"];
const SOURCES = {
  cache: { name: "cache", text: "kept by the worker" },
  network: { name: "network", text: "fetched by the worker" },
  worker: { name: "worker", text: "written by the worker" },
  none: { name: "direct", text: "no worker answers yet" },
};
const UNDO_MS = 6000;
const find = (selector) => document.querySelector(selector);

/** An element with attributes and children; text never becomes markup. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(key, value);
    } else {
      node.setAttribute(key, value);
    }
  }
  node.append(...children);
  return node;
}

/** The notes of this browser, newest first. */
class Notebook {
  static #key = "offline-notes";
  #notes = Notebook.#load();

  static #load() {
    try {
      const stored = JSON.parse(localStorage.getItem(Notebook.#key)) ?? Notebook.#welcome();
      return stored.filter((note) => note?.id && typeof note.title === "string");
    } catch {
      return Notebook.#welcome();
    }
  }

  static #welcome() {
    const day = 86_400_000;
    return [
      ["Welcome", "These notes live in this browser only.\nEdit them, delete them, or write one.",
        "teal", 0],
      ["Night train to Trieste",
        "Leaves 21:14, coach 262.\nNo signal in the tunnels: that is fine.", "amber", day],
      ["Reading list", "The Summer Book\nInvisible Cities\nA Pattern Language", "violet", 3 * day],
    ].map(([title, text, tint, age], index) =>
      ({ id: `welcome-${index}`, title, text, tint, changed: Date.now() - age }));
  }

  matching(words) {
    const wanted = words.trim().toLowerCase();
    return this.#notes
      .filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(wanted))
      .sort((a, b) => b.changed - a.changed);
  }

  get(id) {
    return this.#notes.find((note) => note.id === id);
  }

  put(note) {
    this.#notes = [...this.#notes.filter(({ id }) => id !== note.id), note];
    this.#save();
  }

  remove(id) {
    this.#notes = this.#notes.filter((note) => note.id !== id);
    this.#save();
  }

  #save() {
    localStorage.setItem(Notebook.#key, JSON.stringify(this.#notes));
  }
}

const notebook = new Notebook();

function ago(time) {
  const days = Math.round((time - Date.now()) / 86_400_000);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
}

function noteCard(note) {
  const { id, title, text, tint, changed } = note;
  return element("li", { class: "card", "data-tint": TINTS.includes(tint) ? tint : TINTS[0] },
    element("h3", {}, title),
    element("p", { class: "text" }, text),
    element("footer", {},
      element("time", { datetime: new Date(changed).toISOString() }, ago(changed)),
      element("button", { type: "button", class: "link", "aria-label": `Edit ${title}`,
        click: () => edit(id) }, "Edit"),
      element("button", { type: "button", class: "link", "aria-label": `Delete ${title}`,
        click: () => remove(note) }, "Delete")));
}

function showNotes() {
  const words = find("#search").value;
  const notes = notebook.matching(words);
  find("#notes").replaceChildren(...notes.map(noteCard));
  find("#empty").hidden = notes.length > 0;
  find("#empty").textContent =
    words ? `No note has “${words}” in it.` : "No notes yet. Write the first.";
}

function edit(id) {
  const dialog = find("#editor");
  const { elements } = dialog.querySelector("form");
  const { title = "", text = "", tint = TINTS[0] } = notebook.get(id) ?? {};
  find("#editor-title").textContent = id ? "Edit note" : "New note";
  Object.assign(elements.title, { value: title });
  Object.assign(elements.text, { value: text });
  Object.assign(elements.tint, { value: tint });
  dialog.dataset.id = id ?? "";
  dialog.returnValue = "";
  dialog.showModal();
}

function saveEdited() {
  const dialog = find("#editor");
  if (dialog.returnValue !== "save") {
    return;
  }
  const fields = Object.fromEntries(new FormData(dialog.querySelector("form")));
  const id = dialog.dataset.id || `note-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
  notebook.put({ ...fields, id, title: fields.title.trim() || "Untitled", changed: Date.now() });
  showNotes();
}

let undoTimer;

function remove(note) {
  notebook.remove(note.id);
  showNotes();
  const toast = find("#toast");
  const [message, undo] = toast.children;
  message.textContent = `“${note.title}” is deleted.`;
  undo.onclick = () => {
    notebook.put(note);
    toast.hidden = true;
    showNotes();
    find("#notes").focus();
  };
  toast.hidden = false;
  clearTimeout(undoTimer);
  undoTimer = setTimeout(() => { toast.hidden = true; }, UNDO_MS);
}

/** Adds one line to the list of answers and shows it in the badge. */
function showAnswer(path, source, took) {
  const known = source in SOURCES ? source : "none";
  find("#answers").prepend(element("li", {},
    element("code", {}, path),
    element("span", { class: "quiet" }, `${Math.max(1, Math.round(took))} ms`),
    element("span", { class: "badge", "data-source": known }, SOURCES[known].name)));
  while (find("#answers").children.length > 7) {
    find("#answers").lastElementChild.remove();
  }
}

function showStatus(source) {
  const where = navigator.serviceWorker?.controller ? "in this browser" : "in front of the server";
  const known = source in SOURCES ? source : "none";
  find("#badge").dataset.source = known;
  find("#badge").textContent = SOURCES[known].name;
  find("#status-text").textContent =
    known === "none" ? SOURCES.none.text : `${SOURCES[known].text} ${where}`;
}

async function load(path, options) {
  const began = performance.now();
  const response = await fetch(path, options);
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  const body = await response.json();
  const source = response.headers.get("x-offline-notes") ?? "none";
  showAnswer(path, source, performance.now() - began);
  showStatus(source);
  return { body, source };
}

async function showGuide(options) {
  const guide = find("#guide");
  const opened = new Set([...guide.querySelectorAll("details[open]")].map(({ id }) => id));
  try {
    const { body: index, source } = await load("guide/index.json", options);
    const pages = await Promise.all(index.map(({ id }) => load(`guide/${id}.json`, options)));
    guide.replaceChildren(...pages.map(({ body: { title, tint, text } }, position) => {
      const { id } = index[position];
      const isOpen = opened.size > 0 ? opened.has(id) : position === 0;
      return element("details", { id, "data-tint": tint, ...(isOpen && { open: "" }) },
        element("summary", {}, title),
        ...text.map((paragraph) => element("p", {}, paragraph)));
    }));
    return source;
  } catch (error) {
    guide.replaceChildren(element("p", { class: "quiet" },
      `The guide does not answer (${error.message}).`));
    return "none";
  }
}

/** Where no worker answers in front of the server, this browser is asked to run one. */
async function register() {
  navigator.serviceWorker.addEventListener("controllerchange", () => showGuide());
  await navigator.serviceWorker.register("sw.js").catch((error) => {
    find("#status-text").textContent = `The worker was refused: ${error.message}`;
  });
}

find("#new-note").addEventListener("click", () => edit());
find("#search").addEventListener("input", showNotes);
find("#editor").addEventListener("close", saveEdited);
find("#ask-network").addEventListener("click", () => showGuide({ cache: "reload" }));
showNotes();
if (await showGuide() === "none" && navigator.serviceWorker) {
  await register();
}
