import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { LoadAccount } from '../../../experiments/load/account.ts'
import { Crowd, type Users } from '../../../experiments/load/crowd.ts'
import { listening } from './listening.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** All ask the same, and think for so long. */
function alike(count: number, think: number, path = '/'): Users {
  return {
    count,
    think: () => think,
    next: (user) => ({ time: 0, user, method: 'GET', path, client: `u${user}` }),
  }
}

test('no user has more than one request under way, and each thinks between an answer and the next', async () => {
  const under = new Map<string, number>()
  const gaps: number[] = []
  server = createServer((request, response) => {
    const user = String(request.headers['x-client'])
    const before = under.get(user)
    if (before !== undefined) gaps.push(performance.now() - before)
    // While his request is under way no other of his may come: its gap would not be a number.
    under.set(user, NaN)
    setTimeout(() => {
      under.set(user, performance.now())
      response.end()
    }, 5)
  })
  const crowd = new Crowd({ url: await listening(server), users: alike(4, 20), duration: 200 })
  crowd.start()
  await crowd.finished
  const { account } = crowd
  expect(account).toMatchObject({ missing: 0, failed: 0, shed: 0, inflight: 0 })
  expect([...under.keys()].sort()).toEqual(['u0', 'u1', 'u2', 'u3'])
  // Four users, 25 ms a round, 200 ms: less than 32, and on a busy machine much less.
  expect(account.due).toBeGreaterThan(4)
  expect(account.due).toBeLessThanOrEqual(32)
  // His think time begins when the answer has arrived, so a server sees no less than it.
  expect(Math.min(...gaps)).toBeGreaterThan(19)
})

test('what cannot be sent does not make time stand still', async () => {
  server = createServer((_request, response) => void response.end())
  const users = alike(2, 0, 'no path')
  const crowd = new Crowd({ url: await listening(server), users, duration: 30 })
  crowd.start()
  await crowd.finished
  const { account } = crowd
  expect(account.unsendable).toBeGreaterThan(2)
  expect(account).toMatchObject({ missing: 0, answered: 0, unsendable: account.due })
})

test('who is turned away comes back', async () => {
  let busy: ServerResponse | undefined
  let over = false
  server = createServer((_request, response) => {
    if (over) response.end()
    else busy = response
  })
  const url = await listening(server)
  // The one who is served has his answer when another was turned away meanwhile.
  const account = new (class extends LoadAccount {
    override because(reason: string): void {
      super.because(reason)
      busy?.end()
    }
  })()
  const crowd = new Crowd({ url, users: alike(3, 1), duration: 100, maxInFlight: 1, account })
  crowd.start()
  await crowd.sourceEnded
  // Nobody is turned away any more.
  over = true
  busy?.end()
  await crowd.finished
  expect(crowd.account.shed).toBeGreaterThan(2)
  expect(crowd.account.answered).toBeGreaterThan(1)
  expect(crowd.account.missing).toBe(0)
})
