import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { JoinIdleQueue } from '../../../proxy/strategies/join-idle-queue.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { ints, picks, Pool, tally } from './pool.ts'

function listed(strategy: object): number {
  return ints(strategy as JoinIdleQueue, 'state')[1]
}

describe('with a single balancer, which knows who is idle', () => {
  const happenings = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant({ kind: 'begin', index: 0 }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('end'), index: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('flap'), index: fc.nat(5) }) },
    ),
    { maxLength: 100 },
  )

  test('an idle server is picked if there is one, the one idle for longest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 6 }), fc.nat(), happenings, (n, seed, happenings) => {
        const strategy = findStrategy('jiq')!
        const balancer = new Balancer({ clock: new Clock(), rng: new Rng(seed), strategy })
        for (let i = 0; i < n; i++) balancer.add(new Endpoint(`s${i}`))
        const open: Endpoint[] = []
        /** Who is idle, longest first, as far as that is known: at the start all are equally so. */
        let idle: Endpoint[] | undefined
        for (const { kind, index } of happenings) {
          if (kind === 'begin') {
            const server = balancer.acquire(0, 0)!
            open.push(server)
            const others = balancer.servers.filter((each) => each.usable && each !== server)
            if (others.some((each) => each.inflight === 0)) expect(server.inflight).toBe(1)
            if (idle !== undefined && idle.length > 0) expect(server).toBe(idle.shift())
            if (others.every((each) => each.inflight > 0)) idle ??= []
          } else if (kind === 'end' && open.length > 0) {
            const [server] = open.splice(index % open.length, 1)
            balancer.release(server, 1, 'ok')
            // One that is down is in no line: it comes back at a place of its own.
            if (server.inflight === 0 && server.usable) idle?.push(server)
          } else if (kind === 'flap') {
            const server = balancer.servers[index % n]
            if (balancer.eligibleCount > 2 || !server.healthy)
              balancer.setHealthy(server, !server.healthy)
            idle = undefined
          }
        }
      }),
    )
  })

  test('the queue holds each idle server once', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 60 }), (ends) => {
        const strategy = findStrategy('jiq')!
        const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
        for (let i = 0; i < 5; i++) balancer.add(new Endpoint(`s${i}`))
        balancer.tick()
        const open: Endpoint[] = []
        for (const end of ends) {
          if (end === null) open.push(balancer.acquire(0, 0)!)
          else if (open.length > 0)
            balancer.release(open.splice(end % open.length, 1)[0], 1, 'error')
          const idle = balancer.servers.filter((server) => server.inflight === 0).length
          expect(listed(balancer.strategy)).toBe(idle)
        }
      }),
    )
  })

  test('the queue begins at a random server and goes on in order', () => {
    const pool = new Pool([1, 1, 1])
    const options = { notice: 'own' } as const
    const strategy = pool.use(JoinIdleQueue, new ScriptedRng(draw(1, 3)), options)
    expect(picks(strategy, 3).map(({ id }) => id)).toEqual(['b', 'c', 'a'])
  })

  test('of busy servers each is as likely as any other', () => {
    const pool = new Pool([1, 1, 5], [1, 9, 2])
    const dice = [draw(0, 3), ...[0, 1, 2].map((value) => draw(value, 3))]
    const strategy = pool.use(JoinIdleQueue, new ScriptedRng(...dice), { notice: 'own' })
    expect(tally(pool.servers, picks(strategy, 3))).toEqual([1, 1, 1])
  })

  test('a server whose entry has gone stale is passed over', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(JoinIdleQueue, new ScriptedRng(draw(0, 3)), { notice: 'own' })
    pool.load(1, 0, 0) // A retry went to the first.
    expect(strategy.pick().id).toBe('b')
    pool.load(1, 1, 0)
    strategy.settled(pool.servers[0]) // Has another still.
    expect(strategy.pick().id).toBe('c')
    expect(listed(strategy)).toBe(0)
  })

  test('nobody has to say anything, and nobody is asked', () => {
    const pool = new Pool([1, 1])
    const strategy = pool.use(JoinIdleQueue, new Rng(1), { notice: 'own' })
    expect(strategy.heard).toBeUndefined()
    strategy.settled(pool.servers[0])
    expect(pool.asked).toEqual([])
  })
})

describe('with servers that say themselves whether they are idle', () => {
  function begin(...dice: number[]): [Pool, JoinIdleQueue] {
    const pool = new Pool([1, 1, 1])
    const rng = new ScriptedRng(draw(0, 3), ...dice.map((value) => draw(value, 3)))
    return [pool, pool.use(JoinIdleQueue, rng, { notice: 'reported' })]
  }

  test('only their word counts, once', () => {
    const [{ servers }, strategy] = begin(0, 1)
    strategy.heard!(servers[2], { ...SILENT, inflight: 0 })
    strategy.heard!(servers[2], { ...SILENT, inflight: 0 })
    strategy.heard!(servers[1], { ...SILENT, inflight: 1 })
    strategy.heard!(servers[1], SILENT)
    expect(picks(strategy, 3)).toEqual([servers[2], servers[0], servers[1]])
  })

  test('it can be taken back, and what is known better overrules it', () => {
    const [pool, strategy] = begin(2)
    const [a, b] = pool.servers
    strategy.heard!(a, { ...SILENT, inflight: 0 })
    strategy.heard!(a, { ...SILENT, inflight: 4 })
    strategy.heard!(b, { ...SILENT, inflight: 0 })
    pool.load(0, 1, 0)
    expect(strategy.pick()).toBe(pool.servers[2])
  })

  test('it does not pass on to the next server in the same slot', () => {
    const [pool, strategy] = begin(0)
    strategy.heard!(pool.servers[1], { ...SILENT, inflight: 0 })
    pool.memory.release(1)
    pool.memory.claim(1)
    expect(strategy.pick()).toBe(pool.servers[0])
  })

  test('they are asked when they are new, and when they have answered the last request', () => {
    const [pool, strategy] = begin()
    const [a, b, c] = pool.servers
    expect(pool.asked).toEqual([a, b, c])
    pool.load(1, 0, 0)
    strategy.settled(a)
    strategy.settled(b)
    expect(pool.asked).toEqual([a, b, c, b])
  })

  test('they are asked again when the eligible change, unless they are busy or said that they are not', () => {
    const [pool, strategy] = begin(0, 0)
    const [a, b] = pool.servers
    strategy.heard!(b, { ...SILENT, inflight: 0 })
    pool.load(0, 0, 1)
    strategy.update(pool.servers)
    expect(pool.asked.slice(3)).toEqual([a])
  })
})

test('threads share one queue', () => {
  const pool = new Pool([1, 1, 1])
  const buffer = new SharedArrayBuffer(100_000)
  const [one, other] = [0, 1].map((thread) => {
    const memory = new Memory(64, { buffer, thread, threads: 2 })
    const strategy = new JoinIdleQueue({ ...pool.context(), memory }, { notice: 'own' })
    strategy.update(pool.servers)
    return strategy
  })
  expect(listed(other)).toBe(3)
  const picked = [one, other, one].map((strategy) => strategy.pick())
  expect(new Set(picked).size).toBe(3)
  one.settled(pool.servers[1])
  expect(other.pick()).toBe(pool.servers[1])
})
