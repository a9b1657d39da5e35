import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { Scene } from './scene.ts'

const scene = new Scene()

afterAll(() => scene.admin.close())

const PAGES = [
  ['/lb/', 'index.html', 'text/html'],
  ...['colours', 'style', 'servers', 'narrow'].map((name) => [
    `/lb/${name}.css`,
    `${name}.css`,
    'text/css',
  ]),
  ...['live', 'figures'].map((name) => [`/lb/${name}.js`, `${name}.js`, 'text/javascript']),
]

describe.each(PAGES)('%s', (path, file, type) => {
  test('is the file as it is', () => {
    const request = scene.ask(path)
    expect(request.status).toBe(200)
    expect(request.answer.get('content-type')).toBe(`${type}; charset=utf-8`)
    const text = readFileSync(new URL(`../../../dashboard/${file}`, import.meta.url), 'utf8')
    expect(request.text).toBe(text)
  })

  test('may run and load nothing from elsewhere', () => {
    expect(scene.ask(path).answer.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;/,
    )
  })

  test('is asked for again each time, and sent only when it has changed', () => {
    const first = scene.ask(path)
    expect(first.answer.get('cache-control')).toBe('no-cache')
    const tag = first.answer.get('etag')!
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = scene.ask(path, 'GET', ['if-none-match', known])
      expect(again.status).toBe(304)
      expect(again.text).toBe('')
      expect(again.answer.get('etag')).toBe(tag)
      expect(again.answer.has('content-length')).toBe(false)
    }
    expect(scene.ask(path, 'GET', ['If-None-Match', '"other"']).status).toBe(200)
  })
})

test('everything that the page asks for is there', () => {
  const { text } = scene.ask('/lb/')
  const parts = [...text.matchAll(/(?:src|href)="(\w+(?:\.\w+)?)"/g)].map((match) => match[1])
  expect(parts).toContain('live.js')
  for (const part of parts) expect(scene.ask(`/lb/${part}`, 'HEAD').status, part).not.toBe(404)
  for (const [, part] of scene.ask('/lb/live.js').text.matchAll(/from '\.\/([\w.]+)'/g)) {
    expect(scene.ask(`/lb/${part}`).status).toBe(200)
  }
})
