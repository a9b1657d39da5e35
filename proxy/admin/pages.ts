import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fieldOf } from '../http/fields.ts'
import type { Downstream } from '../http/downstream.ts'
import { send, sendHead } from './answer.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Says what is missing, where pages would be. */
const UNBUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Evenkeel</title>' +
  '<p>The dashboard is not built. Run <code>npm run build:dashboard</code> and load this page again. ' +
  'The figures are at <a href="stats">stats</a> all the same.</p></html>'

/** Below that, in bytes, packing saves nothing. */
const WORTH_PACKING = 1024

interface Page {
  readonly body: Buffer
  /** Packed, where that is less. */
  readonly packed: Buffer | undefined
  readonly type: string
  /** A strong tag: of the bytes. */
  readonly tag: string
  /** Its name says which version it is (Vite puts a hash into it). */
  readonly named: boolean
}

/** The dashboard as it was built, read when the first of it is asked for, so that serving it costs no disk. */
export class Pages {
  private readonly folder: URL
  private pages: Map<string, Page> | undefined

  constructor(folder = new URL('../../dist/dashboard/', import.meta.url)) {
    this.folder = folder
  }

  has(path: string): boolean {
    return path === '/' || this.read()?.has(path) === true
  }

  /** False when there is no such page. */
  answer(request: Downstream, path: string): boolean {
    const page = this.read()?.get(path)
    if (page !== undefined) give(request, page)
    else if (this.pages === undefined && path === '/') {
      send(request, 200, TYPES['.html'], UNBUILT, ['Content-Security-Policy', POLICY])
    } else return false
    return true
  }

  private read(): Map<string, Page> | undefined {
    if (this.pages === undefined && existsSync(this.folder)) this.pages = read(this.folder)
    return this.pages
  }
}

/** By path below the prefix. */
function read(folder: URL): Map<string, Page> {
  const pages = new Map<string, Page>()
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const body = readFileSync(new URL(name, folder))
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
    const named = name.startsWith('assets/')
    const packed = body.length < WORTH_PACKING ? undefined : gzipSync(body, { level: 9 })
    const page = { body, packed, type, tag: `"${hash}"`, named }
    pages.set(`/${name}`, page)
    if (name === 'index.html') pages.set('/', page)
  }
  return pages
}

function give(request: Downstream, { body, named, packed, tag, type }: Page): void {
  const asPacked = packed !== undefined && takesPacked(request)
  const version = asPacked ? `${tag.slice(0, -1)}-gzip"` : tag
  // Unlike the figures a page may be kept: one whose name is its version for good, others as long as they are asked for again each time.
  const kept = named ? 'public, max-age=31536000, immutable' : 'no-cache'
  const fields = ['Cache-Control', kept, 'ETag', version, 'Vary', 'Accept-Encoding']
  if (knows(request, version)) {
    sendHead(request, 304, fields)
    request.end()
    return
  }
  if (asPacked) fields.push('Content-Encoding', 'gzip')
  fields.push('Content-Security-Policy', POLICY)
  send(request, 200, type, asPacked ? packed : body, fields)
}

/** RFC 9110, section 12.5.3; who says no in any way gets it as it is. */
function takesPacked(request: Downstream): boolean {
  const accepted = fieldOf(request.fields, 'accept-encoding', true) ?? ''
  return accepted.split(',').some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(each))
}

/** The client has this version (RFC 9110, section 13.1.2: compared weakly). */
function knows(request: Downstream, tag: string): boolean {
  const given = fieldOf(request.fields, 'if-none-match', true) ?? ''
  return given.split(',').some((each) => {
    const bare = each.trim()
    return bare === '*' || bare === tag || bare === `W/${tag}`
  })
}
