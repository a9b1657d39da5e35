import { expect, test } from 'vitest'
import { Clock } from '../../../proxy/core/clock.ts'
import type { BodySink } from '../../../proxy/http/downstream.ts'
import { ReplayBudget } from '../../../proxy/http/replay-budget.ts'
import { RequestBody } from '../../../proxy/http/request-body.ts'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

/** A body that is sent again is the same body. */
const scene = useScene()

const PIECES = Array.from({ length: 20 }, (_, i) => `piece${String(i + 1).padStart(2, '0')}.`)

test.each([
  ['resets', 'chunked'],
  ['resets', 'with a length'],
  ['closes', 'chunked'],
  ['closes', 'with a length'],
])(
  'a backend %s in the middle of an upload %s: the next one gets all of it, in order',
  async (how, framing) => {
    const chunked = framing === 'chunked'
    const bad = await scene.backend(({ socket, text }) => {
      if (!text.includes('piece01')) return
      if (how === 'resets') socket.resetAndDestroy()
      else socket.destroy()
    })
    const good = await scene.backend(({ socket, text }) => {
      if (chunked ? text.endsWith('0\r\n\r\n') : text.endsWith('piece20.')) socket.write(OK)
    })
    let retried = 0
    for (let seed = 0; seed < 8; seed++) {
      const proxy = await scene.proxy({ servers: [bad.url, good.url], seed })
      const before = bad.connections.length
      const client = await RawClient.connect(proxy.port)
      const length = chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 160'
      client.send(`PUT / HTTP/1.1\r\nHost: a\r\n${length}\r\n\r\n`)
      for (const piece of PIECES) {
        client.send(chunked ? `8\r\n${piece}\r\n` : piece)
        // The pieces meet the failure in different places.
        for (let i = 0; i < 1 + (seed % 3); i++)
          await new Promise((resolve) => setImmediate(resolve))
      }
      if (chunked) client.send('0\r\n\r\n')
      expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
      const got = [...good.connections.at(-1)!.text.matchAll(/piece\d\d\./g)].join('')
      expect(got).toBe(PIECES.join(''))
      if (bad.connections.length > before) retried++
      client.leave()
    }
    expect(retried).toBeGreaterThan(0)
  },
)

/** A client's body that a test hands over piece by piece. */
class Source {
  readonly length = undefined
  sink: BodySink | undefined
  flowing = false

  resume(sink: BodySink): void {
    this.sink = sink
    this.flowing = true
  }

  pause(): void {
    this.flowing = false
  }

  discard(): void {}
}

test('a second reader gets what the first had, then what comes, then the end', async () => {
  const source = new Source()
  const body = new RequestBody(source, new Clock(), { replay: 100 }, { onBodyTooLarge: () => {} })
  const first = body.open()
  first.resume()
  await new Promise((resolve) => setImmediate(resolve))
  source.sink!.onBody(Buffer.from('hello'))
  const second = body.open()
  expect(source.flowing).toBe(false) // Nothing overtakes what was kept.
  source.sink!.onBody(Buffer.from(' there')) // One that was on its way already.
  source.sink!.onBodyEnd()
  const pieces: Buffer[] = []
  for await (const piece of second) pieces.push(piece as Buffer)
  expect(Buffer.concat(pieces).toString()).toBe('hello there')
  first.destroy()
})

test('what is larger than the limit is not kept, and cannot be sent again', async () => {
  const source = new Source()
  const body = new RequestBody(source, new Clock(), { replay: 4 }, { onBodyTooLarge: () => {} })
  body.open().resume()
  await new Promise((resolve) => setImmediate(resolve))
  source.sink!.onBody(Buffer.from('1234'))
  expect(body.replayable).toBe(true)
  source.sink!.onBody(Buffer.from('5'))
  expect(body.replayable).toBe(false)
})

test('the bodies of one connection are kept up to a bound, which those that are over give back', () => {
  const budget = new ReplayBudget()
  const piece = Buffer.alloc(64 * 1024)
  const begin = (): RequestBody => {
    const source = { length: undefined, budget, resume() {}, pause() {}, discard() {} }
    const owner = { onBodyTooLarge() {} }
    const body = new RequestBody(source, new Clock(), { replay: 64 * 1024 }, owner)
    body.open().on('data', () => {})
    body.onBody(piece)
    return body
  }
  const kept = Array.from({ length: 16 }, begin)
  expect(kept.every(({ replayable }) => replayable)).toBe(true)
  expect(begin().replayable).toBe(false)
  kept[0].forget()
  expect(begin().replayable).toBe(true)
  expect(begin().replayable).toBe(false)
})
