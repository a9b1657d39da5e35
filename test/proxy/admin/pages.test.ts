import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { take, Visitor } from '../../../proxy/admin/answer.ts'
import { Pages } from '../../../proxy/admin/pages.ts'
import { RecordingDownstream } from '../../support/recording-downstream.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-pages-'))
mkdirSync(join(folder, 'assets'))
const SCRIPT = 'export const there = 1\n'.repeat(100)
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title>')
writeFileSync(join(folder, 'lab.html'), '<!doctype html><title>lab</title>')
writeFileSync(join(folder, 'assets/live-abc.js'), SCRIPT)
writeFileSync(join(folder, 'assets/notes.txt'), 'no page')
const pages = new Pages(pathToFileURL(`${folder}/`))

afterAll(() => rmSync(folder, { recursive: true }))

function ask(path: string, fields: string[] = [], from = pages): RecordingDownstream | undefined {
  const request = new RecordingDownstream(`/lb${path}`, 'GET', fields)
  take(request, new Visitor(request))
  return from.answer(request, path) ? request : undefined
}

describe.each([
  ['/', 'text/html'],
  ['/index.html', 'text/html'],
  ['/lab.html', 'text/html'],
  ['/assets/live-abc.js', 'text/javascript'],
])('%s', (path, type) => {
  test('has its type, and may run and load nothing from elsewhere', () => {
    const { answer, status } = ask(path)!
    expect(status).toBe(200)
    expect(answer.get('content-type')).toBe(`${type}; charset=utf-8`)
    expect(answer.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src/,
    )
  })

  test('is sent only when it has changed', () => {
    const tag = ask(path)!.answer.get('etag')!
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = ask(path, ['if-none-match', known])!
      expect(again.status).toBe(304)
      expect(again.text).toBe('')
      expect(again.answer.get('etag')).toBe(tag)
      expect(again.answer.has('content-length')).toBe(false)
    }
    expect(ask(path, ['If-None-Match', '"other"'])!.status).toBe(200)
  })
})

test('a page is asked for again each time, and what bears its version in its name never', () => {
  expect(ask('/')!.answer.get('cache-control')).toBe('no-cache')
  expect(ask('/assets/live-abc.js')!.answer.get('cache-control')).toContain('immutable')
})

test.each([
  ['gzip', true],
  ['br, gzip;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['identity', false],
  ['', false],
])('who accepts "%s" gets it packed: %s', (accepted, packed) => {
  const request = ask('/assets/live-abc.js', ['Accept-Encoding', accepted])!
  expect(request.answer.get('content-encoding')).toBe(packed ? 'gzip' : undefined)
  expect(request.answer.get('vary')).toBe('Accept-Encoding')
  const body = Buffer.concat(request.pieces)
  expect((packed ? gunzipSync(body) : body).toString()).toBe(SCRIPT)
  expect(request.answer.get('content-length')).toBe(String(body.length))
})

test.each([
  '/no',
  '/assets/',
  '/assets/notes.txt',
  '/../package.json',
  '/assets/../index.html',
  '//',
])('there is no %s', (path) => {
  expect(ask(path)).toBeUndefined()
})

test('a proxy whose dashboard is not built says how to build it', () => {
  const unbuilt = new Pages(pathToFileURL(`${folder}/missing/`))
  expect(ask('/', [], unbuilt)!.text).toContain('npm run build:dashboard')
  expect(ask('/lab.html', [], unbuilt)).toBeUndefined()
})
