import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Downstream } from '../http/downstream.ts'
import { send, sendHead } from './answer.ts'

/** What the page consists of, by its path below the prefix. */
const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ...['colours.css', 'style.css', 'servers.css', 'narrow.css'].map(
    (file) => [`/${file}`, file, 'text/css; charset=utf-8'] as const,
  ),
  ...['live.js', 'figures.js'].map(
    (file) => [`/${file}`, file, 'text/javascript; charset=utf-8'] as const,
  ),
]

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

interface Page {
  body: Buffer
  type: string
  /** A strong tag: of the bytes. */
  tag: string
}

/** The page at the prefix, read once, so that serving it costs no disk. */
export class Pages {
  private readonly pages = new Map<string, Page>()

  constructor(folder = new URL('../../dashboard/', import.meta.url)) {
    for (const [path, file, type] of FILES) {
      const body = readFileSync(new URL(file, folder))
      const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
      this.pages.set(path, { body, type, tag: `"${hash}"` })
    }
  }

  /** False when there is no such page. */
  answer(request: Downstream, path: string): boolean {
    const page = this.pages.get(path)
    if (page === undefined) return false
    // Unlike the figures a page may be kept, as long as it is asked for again each time.
    const fields = ['Cache-Control', 'no-cache', 'ETag', page.tag]
    if (knows(request, page.tag)) {
      sendHead(request, 304, fields)
      request.end()
    } else {
      send(request, 200, page.type, page.body, [...fields, 'Content-Security-Policy', POLICY])
    }
    return true
  }
}

/** The client has this version (RFC 9110, section 13.1.2: compared weakly). */
function knows(request: Downstream, tag: string): boolean {
  const { fields } = request
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i].toLowerCase() !== 'if-none-match') continue
    for (const candidate of fields[i + 1].split(',')) {
      const bare = candidate.trim()
      if (bare === '*' || bare === tag || bare === `W/${tag}`) return true
    }
  }
  return false
}
