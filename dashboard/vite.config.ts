import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string }

/** A page each, so that who watches a proxy loads no simulator. Paths are relative: the pages work below any prefix, and on any host. */
export default defineConfig({
  root: here('.'),
  base: './',
  define: { EVENKEEL_VERSION: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2025',
    // Everything is a file: the Content-Security-Policy allows nothing inline, no data either but the icon.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { live: here('index.html'), lab: here('lab.html'), learn: here('learn.html') },
    },
  },
  server: {
    // `npm run dashboard` beside a proxy on its usual ports.
    proxy: { '/lb': 'http://127.0.0.1:8080' },
  },
})
