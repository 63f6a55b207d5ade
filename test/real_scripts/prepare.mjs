// SPDX-License-Identifier: MIT
// Lays out one small site per real service worker below the directory given as the first argument. Every script is taken
// as its package ships it or as its generator writes it; only the pages around it are ours.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSW } from 'workbox-build';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const out = resolve(process.argv[2]);

function site(name) {
  const dir = join(out, name);
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(dir, 'index.html'), `<!doctype html><title>${name}</title><p>index of ${name}</p>\n`);
  writeFileSync(join(dir, 'assets/style.css'), 'p { color: teal }\n');
  writeFileSync(join(dir, 'assets/app.js'), `console.log('${name}')\n`);
  writeFileSync(join(dir, 'data.json'), `{"site":"${name}"}\n`);
  return dir;
}

async function workbox(name, mode) {
  const dir = site(name);
  await generateSW({
    mode,
    swDest: join(dir, 'sw.js'),
    globDirectory: dir,
    globPatterns: ['index.html', 'assets/*'],
    inlineWorkboxRuntime: mode === 'production',
    sourcemap: false,
    skipWaiting: true,
    clientsClaim: true,
    navigateFallback: '/index.html',
    runtimeCaching: [
      { urlPattern: /\/data\.json$/, handler: 'NetworkFirst', options: { cacheName: 'data' } },
    ],
  });
}

function angular() {
  const dir = site('ngsw');
  const config = {
    index: '/index.html',
    assetGroups: [{ name: 'app', installMode: 'prefetch', resources: { files: ['/index.html', '/assets/**'] } }],
    dataGroups: [{ name: 'data', urls: ['/data.json'], cacheConfig: { maxSize: 8, maxAge: '1h' } }],
  };
  writeFileSync(join(dir, 'ngsw-config.json'), JSON.stringify(config));
  // The tool takes its paths relative to where it runs.
  const tool = join(modules, '@angular/service-worker/ngsw-config.js');
  const run = spawnSync(process.execPath, [tool, '.', 'ngsw-config.json'], { cwd: dir, stdio: 'inherit' });
  if (run.status !== 0) throw new Error('ngsw-config failed');
  cpSync(join(modules, '@angular/service-worker/ngsw-worker.js'), join(dir, 'sw.js'));
}

function mockServiceWorker() {
  cpSync(join(modules, 'msw/lib/mockServiceWorker.js'), join(site('msw'), 'sw.js'));
}

// A worker that only imports: what each library needs in order to evaluate.
function imports(name, files, use = '') {
  const dir = site(name);
  const names = files.map((file) => {
    const base = file.split('/').pop();
    cpSync(join(modules, file), join(dir, base));
    return `'/${base}'`;
  });
  writeFileSync(join(dir, 'sw.js'), `importScripts(${names.join(', ')});\n${use}\n`);
}

function workboxModules() {
  const dir = site('workbox_sw');
  cpSync(join(modules, 'workbox-sw/build/workbox-sw.js'), join(dir, 'workbox-sw.js'));
  const parts = ['core', 'precaching', 'routing', 'strategies', 'cacheable-response', 'expiration',
    'range-requests', 'streams', 'broadcast-update', 'navigation-preload', 'background-sync'];
  for (const part of parts) {
    const build = join(modules, `workbox-${part}/build`);
    for (const file of readdirSync(build).filter((x) => x.endsWith('.prod.js')))
      cpSync(join(build, file), join(dir, 'workbox', file));
  }
  writeFileSync(join(dir, 'sw.js'), `importScripts('/workbox-sw.js');
workbox.setConfig({ debug: false, modulePathPrefix: '/workbox/' });
${parts.map((x) => `workbox.loadModule('workbox-${x}');`).join('\n')}
workbox.core.skipWaiting();
workbox.core.clientsClaim();
workbox.precaching.precacheAndRoute([{ url: '/index.html', revision: '1' }, { url: '/assets/app.js', revision: '1' }]);
workbox.routing.registerRoute(/\\/data\\.json$/, new workbox.strategies.StaleWhileRevalidate());
`);
}

await workbox('workbox_production', 'production');
await workbox('workbox_development', 'development');
angular();
mockServiceWorker();
workboxModules();
imports('idb', ['idb/build/umd.js'], "if (typeof idb.openDB !== 'function') throw new Error('idb');");
imports('dexie', ['dexie/dist/dexie.js'], "if (typeof Dexie !== 'function') throw new Error('dexie');");
imports('localforage', ['localforage/dist/localforage.js'],
  "if (typeof localforage.getItem !== 'function') throw new Error('localforage');");
imports('firebase', ['firebase/firebase-app-compat.js', 'firebase/firebase-messaging-compat.js'],
  "if (typeof firebase.initializeApp !== 'function') throw new Error('firebase');");
