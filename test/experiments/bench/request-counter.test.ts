import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { RequestCounter } from '../../../experiments/bench/request-counter.ts'

const SMALL = 'GET /small HTTP/1.1\r\nHost: x\r\n\r\n'
const CHECK = 'GET /health HTTP/1.0\r\n\r\n'

it('counts requests and active checks apart, wherever the chunks are cut', () => {
  const requests = fc.array(fc.constantFrom(SMALL, CHECK), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 60 }), (list, step) => {
      const seen = { requests: 0, checks: 0 }
      const counter = new RequestCounter(seen)
      const bytes = Buffer.from(list.join(''))
      let ended = 0
      for (let i = 0; i < bytes.length; i += step)
        ended += counter.read(bytes.subarray(i, i + step))
      expect(ended).toBe(list.length)
      const checks = list.filter((request) => request === CHECK).length
      expect(seen).toEqual({ requests: list.length - checks, checks })
    }),
  )
})

it('takes a path that only begins like the check for a request', () => {
  const seen = { requests: 0, checks: 0 }
  new RequestCounter(seen).read(Buffer.from('GET /healthy HTTP/1.1\r\n\r\n'))
  expect(seen).toEqual({ requests: 1, checks: 0 })
})

it('refuses what is no GET', () => {
  const counter = new RequestCounter({ requests: 0, checks: 0 })
  expect(() => counter.read(Buffer.from('POST /small HTTP/1.1\r\n\r\n'))).toThrow(/not a GET/)
})
