// The isolation frame: every call from the window's page passes here before it is encrypted and handed to the program.
// It stands outside the page, so a script smuggled into the page (by a hostile scan or a dependency) can reach nothing but
// this list. `src-tauri/capabilities/main.json` grants the same calls; this is the second lock on the same door.
const ALLOWED = new Set([
  'rpc',
  'plugin:dialog|open',
  'plugin:dialog|save',
  'plugin:event|listen',
  'plugin:event|unlisten',
  'plugin:opener|open_path',
  'plugin:webview|set_webview_zoom',
  'plugin:window|close',
  'plugin:window|destroy',
  'plugin:window|set_title',
  'plugin:window|theme',
])

// A refused call is renamed, not dropped: the program then answers with an error instead of leaving the page waiting.
window.__TAURI_ISOLATION_HOOK__ = (message) => (ALLOWED.has(message.cmd) ? message : { ...message, cmd: 'refused' })
