import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prefersHtml } from '../../../proxy/http/prefers-html.ts'

const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

describe('proxy-behaviour 5: errors are JSON or HTML as the client prefers', () => {
  test.each([
    [CHROME, true],
    ['text/html', true],
    ['TEXT/HTML', true],
    ['text/*', true],
    ['text/html, application/json', true],
    ['text/html;level=1, application/json;q=0.9', true],
    ['application/json;q=0.5, text/html;q=0.6', true],
    ['*/*;q=0.1, text/html', true],
    ['application/json;q=0, text/html;q=0.001', true],
    ['application/json, text/html', false],
    ['text/html;q=0.5, application/json', false],
    ['text/html; q=0.5 , application/json; q=0.9', false],
    ['text/html;q=0, */*', false],
    ['text/html;q=0', false],
    ['application/*', false],
    ['*/*', false],
    ['', false],
    ['image/png', false],
    ['text/htmlx', false],
  ])('Accept: %s', (accept, html) => {
    expect(prefersHtml(accept)).toBe(html)
  })

  test('no Accept at all: JSON', () => {
    expect(prefersHtml(undefined)).toBe(false)
  })

  test('whatever comes it decides, and soon', () => {
    fc.assert(fc.property(fc.string(), (accept) => typeof prefersHtml(accept) === 'boolean'))
    expect(prefersHtml(`text/html;q=0.1,${'a/b;q=1,'.repeat(2000)}application/json`)).toBe(true)
  })
})
