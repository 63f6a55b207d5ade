// SPDX-License-Identifier: MIT
// The worker of Offline Notes. It answers from its cache and refreshes that from the network behind
// the answer, writes /whoami itself, and has a page of its own for what it cannot get.

const VERSION = "1.0";
const SOURCE_HEADER = "x-offline-notes";
const SHELL = ["./", "style.css", "app.js", "icon.svg", "manifest.webmanifest", "offline.html"];
const GUIDE = ["index", "stays-up", "badge", "pull-the-plug", "whoami"];

/** What was answered since this worker was started, and from where. */
class Ledger {
  static #recentMax = 8;
  #started = Date.now();
  #counts = new Map(["cache", "network", "worker"].map((source) => [source, 0]));
  #recent = [];

  add(path, source) {
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + 1);
    this.#recent = [{ path, source }, ...this.#recent].slice(0, Ledger.#recentMax);
  }

  get #total() {
    let total = 0;
    for (const count of this.#counts.values()) {
      total += count;
    }
    return total;
  }

  facts() {
    return {
      version: VERSION,
      started: new Date(this.#started).toISOString(),
      uptimeSeconds: Math.round((Date.now() - this.#started) / 1000),
      fetches: this.#total,
      counts: Object.fromEntries(this.#counts),
      recent: [...this.#recent],
    };
  }
}

/** The cache of this version. */
class Shelf {
  static #prefix = "offline-notes-";
  static #current = `${Shelf.#prefix}${VERSION}`;

  static async fill() {
    const cache = await caches.open(Shelf.#current);
    const paths = new Set([...SHELL, ...GUIDE.map((name) => `guide/${name}.json`)]);
    await cache.addAll([...paths].map((path) => new Request(path, { cache: "reload" })));
    return paths.size;
  }

  static async dropOthers() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(Shelf.#prefix) && name !== Shelf.#current);
    await Promise.all(old.map((name) => caches.delete(name)));
    return old;
  }

  static async find(request, options) {
    const cache = await caches.open(Shelf.#current);
    return cache.match(request, options);
  }

  static async keep(request, response) {
    const cache = await caches.open(Shelf.#current);
    await cache.put(request, response);
  }
}

/** Pages that exist nowhere but here: /whoami for people, /whoami.json for programs. */
class WrittenPage {
  static #path = /^(?<page>whoami)(?:\.(?<format>json))?$/;
  static #escapes = new Map([["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"]]);

  static match({ pathname }) {
    const { pathname: scope } = new URL(self.registration.scope);
    const groups = WrittenPage.#path.exec(pathname.slice(scope.length))?.groups;
    return groups && { ...groups, format: groups.format ?? "html" };
  }

  static response({ format }, facts) {
    const [type, body] = format === "json"
      ? ["application/json", JSON.stringify(facts, null, 2)]
      : ["text/html; charset=utf-8", WrittenPage.#html(facts)];
    return new Response(body, { headers: { "content-type": type, "cache-control": "no-store" } });
  }

  static #escape(text) {
    return String(text).replace(/[&<>"]/g, (character) => WrittenPage.#escapes.get(character));
  }

  static #html({ version, started, uptimeSeconds, fetches, counts, recent }) {
    const escape = WrittenPage.#escape;
    const badge = (source) => `<span class="badge" data-source="${source}">${source}</span>`;
    const tiles = Object.entries(counts).map(([source, count]) =>
      `<li><strong>${count}</strong> ${badge(source)}</li>`);
    const rows = recent.map(({ path, source }) =>
      `<li><code>${escape(path)}</code> ${badge(source)}</li>`);
    return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Who am I? · Offline Notes</title>
  <link rel="icon" href="icon.svg">
  <link rel="stylesheet" href="style.css">
</head>
<body class="sheet">
  <main>
    <p class="eyebrow">Written by the worker, stored nowhere</p>
    <h1>I am worker ${escape(version)}</h1>
    <p>Started at <time datetime="${started}">${started.slice(0, 19).replace("T", " ")} UTC</time>,
      ${uptimeSeconds} s ago. Since then I have answered ${fetches}
      ${fetches === 1 ? "request" : "requests"}, this one not counted.</p>
    <ul class="tiles">${tiles.join("")}</ul>
    ${rows.length > 0 ? `<h2>The last ones</h2><ol class="answers">${rows.join("")}</ol>` : ""}
    <p><a class="button" href="./">Back to the notes</a></p>
  </main>
</body>
</html>`;
  }
}

const ledger = new Ledger();

/** Says on the response where it came from. */
function label(response, source, path) {
  ledger.add(path, source);
  const headers = new Headers(response.headers);
  // The body is decoded by the time it is here: what described it on the wire is no longer true.
  headers.delete("content-encoding");
  headers.delete("content-length");
  headers.set(SOURCE_HEADER, source);
  headers.set("server-timing", `worker;desc="${source}"`);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function refresh(request) {
  const response = await fetch(request);
  if (response.ok && response.type === "basic") {
    await Shelf.keep(request, response.clone());
  }
  return response;
}

function isPage({ mode, headers }) {
  return mode === "navigate" || (headers.get("accept")?.includes("text/html") ?? false);
}

function asksForNetwork({ cache, headers }) {
  return ["reload", "no-store", "no-cache"].includes(cache)
    || /\bno-cache\b/.test(headers.get("cache-control") ?? "");
}

/** The kept page, whose links work at whatever address it stands in for. */
async function offlinePage(page) {
  const html = await page.text();
  const body = html.replace("<head>", `<head>\n  <base href="${self.registration.scope}">`);
  return new Response(body, { headers: page.headers, status: 503, statusText: "Offline" });
}

async function fallback(request, path) {
  const kept = await Shelf.find(request);
  if (kept) {
    return label(kept, "cache", path);
  }
  const page = isPage(request) ? await Shelf.find("offline.html") : undefined;
  return page ? label(await offlinePage(page), "worker", path) : Response.error();
}

async function answer(event, url) {
  const { request } = event;
  const path = `${url.pathname}${url.search}`;
  const written = WrittenPage.match(url);
  if (written) {
    return label(WrittenPage.response(written, ledger.facts()), "worker", path);
  }
  const kept = asksForNetwork(request)
    ? undefined
    : await Shelf.find(request, { ignoreSearch: isPage(request) });
  if (kept) {
    event.waitUntil(refresh(request).catch(({ message }) =>
      console.info(`${path} stays as it was kept: ${message}`)));
    return label(kept, "cache", path);
  }
  try {
    return label(await refresh(request), "network", path);
  } catch {
    return fallback(request, path);
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const count = await Shelf.fill();
    console.info(`Offline Notes ${VERSION}: ${count} files are kept`);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const dropped = await Shelf.dropOthers();
    if (dropped.length > 0) {
      console.info(`Offline Notes ${VERSION}: dropped ${dropped.join(", ")}`);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.origin === self.location.origin) {
    event.respondWith(answer(event, url));
  }
});

const MESSAGES = new Map([
  ["facts", async () => ledger.facts()],
  ["refill", async () => ({ kept: await Shelf.fill() })],
]);

self.addEventListener("message", (event) => {
  const { type = "nothing", ...options } = event.data ?? {};
  const handle = MESSAGES.get(type) ?? (async () => ({ error: `unknown message ${type}` }));
  const receiver = event.ports?.[0] ?? event.source;
  event.waitUntil(handle(options).then((reply) => receiver?.postMessage({ type, ...reply })));
});
