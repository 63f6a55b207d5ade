// SPDX-License-Identifier: MIT
const messages = [];

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.pathname === '/greeting') {
    const name = url.searchParams.get('name') ?? 'nobody';
    event.respondWith(new Response(`Hello, ${name}. ${messages.length} messages so far.`));
  }
});

self.addEventListener('message', ({ data }) => {
  messages.push(data);
  console.log(`message ${messages.length}: ${data.text}`);
});
