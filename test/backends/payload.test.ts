import { describe, expect, test } from 'vitest'
import { Payload } from '../../backends/payload.ts'

const PATHS = [
  '/products',
  '/products?page=2',
  '/products/7',
  '/cart',
  '/orders/3',
  '/users',
  '/',
  '/a/b',
]

describe('the bodies of the shop', () => {
  test('are JSON that names the server', () => {
    const payload = new Payload('b7')
    for (const path of PATHS) {
      expect(JSON.parse(payload.of(path).toString())).toMatchObject({ server: 'b7' })
    }
  })

  test('are about what the path is about', () => {
    const payload = new Payload('b1')
    const keys = (path: string): string[] => Object.keys(JSON.parse(payload.of(path).toString()))
    expect(keys('/products')).toContain('products')
    expect(keys('/products?page=2')).toContain('products')
    expect(keys('/products/7')).toContain('price')
    expect(keys('/cart')).toContain('total')
    expect(keys('/orders/3')).toContain('orders')
    expect(keys('/users?q=a')).toContain('users')
    expect(keys('/images/logo.gif')).toContain('title')
    expect(keys('*')).toContain('title')
  })

  test('are a few hundred bytes to about two KiB long, and many', () => {
    const payload = new Payload('b1')
    const bodies = new Set<Buffer>()
    for (let i = 0; i < 1000; i++) {
      for (const path of PATHS) bodies.add(payload.of(`${path}${i}`))
    }
    expect(bodies.size).toBeGreaterThan(60)
    for (const body of bodies) {
      expect(body.length).toBeGreaterThanOrEqual(150)
      expect(body.length).toBeLessThanOrEqual(2300)
    }
  })

  test('are the same for a path on every server and in every run, but for the name', () => {
    const first = new Payload('b1')
    const second = new Payload('b2')
    for (const path of PATHS) {
      expect(second.of(path).toString()).toBe(first.of(path).toString().replace('"b1"', '"b2"'))
    }
  })

  test('cost a request nothing: the same buffer is given again', () => {
    const payload = new Payload('b1')
    for (const path of PATHS) expect(payload.of(path)).toBe(payload.of(path))
  })
})
