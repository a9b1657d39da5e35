import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Behaviour } from '../../../experiments/load/behaviour.ts'
import { readBehaviour } from '../../../experiments/load/behaviour-file.ts'
import { Crowd } from '../../../experiments/load/crowd.ts'
import { Visits } from '../../../experiments/load/visits.ts'
import { VisitSource } from '../../../experiments/load/visit-source.ts'
import { listening } from './listening.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

const reader = { name: 'reader', steps: [{ name: 'home', path: '/' }] }
const buyer = {
  name: 'buyer',
  order: 'listed' as const,
  steps: [
    { name: 'cart', path: '/cart' },
    { name: 'pay', path: '/pay', method: 'POST', body: 'x', think: 7 },
  ],
}

describe('visitors', () => {
  test.each([
    [4, [3, 1]],
    [8, [6, 2]],
    [400, [300, 100]],
    [1000, [750, 250]],
  ])('are shared out by weight, for %i exactly or within one', (count, expected) => {
    const behaviour: Behaviour = { users: [{ ...reader, weight: 3 }, buyer] }
    const visits = new Visits({ behaviour, count, seed: 1 })
    const clients = Array.from({ length: count }, (_, i) => visits.next(i).client)
    const readers = clients.filter((each) => each.startsWith('reader-')).length
    expect(Math.abs(readers - expected[0])).toBeLessThanOrEqual(1)
  })

  test('go through listed steps in turn, each his own way, and think as the step says', () => {
    const visits = new Visits({ behaviour: { users: [buyer] }, count: 2, seed: 1 })
    const pages = [0, 0, 1, 0].map((user) => visits.next(user).page)
    expect(pages).toEqual(['cart', 'pay', 'cart', 'cart'])
    expect(visits.think(1)).toBe(0)
    visits.next(1)
    expect(visits.think(1)).toBe(7)
  })

  test('draw steps by weight', () => {
    const steps = [
      { name: 'often', weight: 9, path: '/' },
      { name: 'seldom', path: '/' },
    ]
    const behaviour: Behaviour = { users: [{ name: 'u', steps }] }
    const source = new VisitSource({ behaviour, seed: 3, arrivals: { type: 'paced', rate: 1000 } })
    const pages = Array.from({ length: 10_000 }, () => source.next()!.page)
    const seldom = pages.filter((each) => each === 'seldom').length
    // 1,000 expected with a deviation of 30; five of those are met by chance once in two million.
    expect(Math.abs(seldom - 1000)).toBeLessThan(150)
  })

  test('ask for the same under the same seed, whoever is first', () => {
    const path = ({ rng, id }: { rng: { int(n: number): number }; id: string }): string =>
      `/${id}/${rng.int(1000)}`
    const behaviour: Behaviour = { users: [{ name: 'u', steps: [{ name: 's', path }] }] }
    const one = new Visits({ behaviour, count: 3, seed: 9 })
    const other = new Visits({ behaviour, count: 3, seed: 9 })
    const ask = (visits: Visits, users: number[]): string[] =>
      users.map((user) => visits.next(user).path)
    expect(ask(one, [0, 1, 2, 0]).sort()).toEqual(ask(other, [2, 0, 0, 1]).sort())
  })

  test('check answers, remember, and use what they remember', async () => {
    const seen: (string | undefined)[] = []
    server = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers['authorization'] ?? 'none'}`)
      response.setHeader('X-Kind', 'test').end(JSON.stringify({ token: 't1', price: 5 }))
    })
    const behaviour: Behaviour = {
      users: [
        {
          name: 'guest',
          order: 'listed',
          steps: [
            {
              name: 'login',
              path: '/login',
              checks: {
                'has a price': ({ json }) => (json as { price: number }).price === 5,
                'is teapot': ({ status }) => status === 418,
                throws: ({ json }) => (json as { no: { such: boolean } }).no.such,
                'has its field': ({ header }) => header('x-KIND') === 'test',
              },
              keep: (answer, { memory }) => {
                memory['token'] = (answer.json as { token: string }).token
              },
            },
            {
              name: 'order',
              path: '/order',
              think: 1e6,
              headers: ({ memory }) => ({ authorization: String(memory['token']) }),
              checks: { 'says nothing else': ({ header }) => header('x-other') === '' },
            },
          ],
        },
      ],
    }
    const visits = new Visits({ behaviour, count: 1, seed: 1 })
    const crowd = new Crowd({ url: await listening(server), users: visits, duration: 300 })
    crowd.start()
    await crowd.finished
    expect(seen).toEqual(['/login none', '/order t1'])
    expect(Object.fromEntries(crowd.account.checks)).toEqual({
      'has a price': { passed: 1, failed: 0 },
      'is teapot': { passed: 0, failed: 1 },
      throws: { passed: 0, failed: 1 },
      'has its field': { passed: 1, failed: 0 },
      'says nothing else': { passed: 1, failed: 0 },
    })
  })
})

describe('a behaviour from a file', () => {
  function file(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test('is its default export', async () => {
    const path = file(
      'good.ts',
      `interface Unused { a: string }
      export default { users: [{ name: 'u', think: { type: 'exponential', mean: '1s' }, steps: [{ name: 's', path: (): string => '/x' }] }] }`,
    )
    const { users } = await readBehaviour(path)
    expect(users[0].think).toEqual({ type: 'exponential', mean: 1000 })
    expect(users[0].steps[0].path).toBeTypeOf('function')
  })

  test.each([
    ['{ users: [] }', 'users must be a list with at least one entry'],
    ["{ users: [{ name: 'u', steps: [{ name: 's' }] }] }", 'users[0].steps[0].path is required'],
    [
      "{ users: [{ name: 'u', wieght: 2, steps: [{ name: 's', path: '/' }] }] }",
      'users[0].wieght is not a key: did you mean weight?',
    ],
    [
      "{ users: [{ name: 'u', weight: -1, steps: [{ name: 's', path: 'x' }] }] }",
      'users[0].weight must be above 0, got -1',
    ],
    [
      "{ users: [{ name: 'u', think: 'long', steps: [{ name: 's', path: '/', checks: { a: 1 } }] }] }",
      'users[0].steps[0].checks.a must be a function, got 1',
    ],
    ['7', 'the behaviour must be a mapping, got 7'],
  ])('is told with its place: %s', async (text, message) => {
    const path = file(
      `bad-${Math.abs(text.length * 31 + message.length)}.ts`,
      `export default ${text}`,
    )
    await expect(readBehaviour(path)).rejects.toThrow(message)
  })

  test('that cannot be loaded is told', async () => {
    await expect(readBehaviour(join(folder, 'no.ts'))).rejects.toThrow('there is no ')
    await expect(readBehaviour('x.yaml')).rejects.toThrow('must end in .ts or .js')
    await expect(readBehaviour(file('none.ts', 'export const a = 1'))).rejects.toThrow(
      'has no default export',
    )
    await expect(readBehaviour(file('broken.ts', 'throw new Error("no")'))).rejects.toThrow(
      'throws while it is loaded: Error: no (broken.ts:1',
    )
  })
})
