import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OUTCOMES } from '../../proxy/core/recorder.ts'
import type { Snapshot } from '../../proxy/core/snapshot.ts'
import { Scene } from '../proxy/admin/scene.ts'

interface ServerDigest {
  id: string
  state: string
  rate: number
  errorRate: number | null
  worst: string | null
  share: number | null
  dueShare: number | null
  p50: number | null
  p95: number | null
  p99: number | null
}

interface Digest extends Omit<ServerDigest, 'id' | 'state' | 'share' | 'dueShare'> {
  inFlight: number
  retryRate: number
  picks: number
  promise: string
  servers: ServerDigest[]
}

/** What dashboard/figures.js exports; it is plain JavaScript, since the browser gets it as it is. */
interface Figures {
  digest: (snapshots: Snapshot[]) => Digest
  levelOf: (digest: Pick<Digest, 'picks' | 'promise'> & { servers: Partial<ServerDigest>[] }) => {
    tilt: number
    words: string
  }
  scaleOf: (servers: Partial<ServerDigest>[]) => number | null
  short: (value: number) => string
  percent: (share: number) => string
  duration: (milliseconds: number) => [string, string]
  ago: (milliseconds: number) => string
  sentenceOf: (event: { from: string; to: string; reason: string }) => string
}

const path: string = '../../dashboard/figures.js'
const figures = (await import(path)) as Figures

/** A scene whose snapshots are kept. */
function record(): { scene: Scene; snapshots: Snapshot[] } {
  const scene = new Scene()
  const snapshots: Snapshot[] = []
  scene.series.listen({ onSnapshot: (snapshot) => snapshots.push(snapshot) })
  scene.admin.close()
  return { scene, snapshots }
}

describe('the digest', () => {
  const request = fc.record({
    latency: fc.double({ min: 0, max: 1e5, noNaN: true }),
    outcome: fc.constantFrom(...OUTCOMES),
  })

  test('of several seconds is what one long second would have shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(request, { maxLength: 20 }), { minLength: 1, maxLength: 10 }),
        (seconds) => {
          const { scene, snapshots } = record()
          for (const second of seconds) {
            for (const { latency, outcome } of second) scene.serve(latency, outcome)
            scene.pass(1000)
          }
          const digest = figures.digest(snapshots)
          const total = scene.series.total()
          expect(digest.rate).toBeCloseTo(total.requests.rate, 6)
          expect(digest.errorRate).toBe(total.requests.errorRate)
          expect(digest.p50).toBe(total.requests.latency?.p50 ?? null)
          expect(digest.p99).toBe(total.requests.latency?.p99 ?? null)
          total.servers.forEach((server, i) => {
            const mine = digest.servers[i]
            expect(mine.id).toBe(server.id)
            expect(mine.share).toBe(server.share)
            if (server.dueShare === null) expect(mine.dueShare).toBeNull()
            else expect(mine.dueShare).toBeCloseTo(server.dueShare, 9)
            expect(mine.p50).toBe(server.attempts.latency?.p50 ?? null)
            expect(mine.p95).toBe(server.attempts.latency?.p95 ?? null)
            expect(mine.p99).toBe(server.attempts.latency?.p99 ?? null)
          })
        },
      ),
    )
  })

  test('takes the state from the latest second, and leaves out who has gone', () => {
    const { scene, snapshots } = record()
    scene.serve(10)
    scene.pass(1000)
    scene.balancer.setHealthy(scene.server('b1'), false, 'connect refused')
    scene.balancer.remove(scene.server('b2'))
    scene.pass(1000)
    expect(figures.digest(snapshots).servers).toMatchObject([{ id: 'b1', state: 'down' }])
  })

  test('names the commonest failure', () => {
    const { scene, snapshots } = record()
    for (const outcome of ['ok', 'timeout', 'refused', 'timeout', 'aborted'] as const) {
      scene.serve(10, outcome)
    }
    scene.pass(1000)
    expect(figures.digest(snapshots)).toMatchObject({ worst: 'timeout', errorRate: 0.75 })
  })
})

describe('the level', () => {
  const servers = (...shares: number[]): Partial<ServerDigest>[] =>
    shares.map((share, i) => ({ id: `b${i + 1}`, share, dueShare: 1 / shares.length }))

  test('is in the middle when everybody gets what is due', () => {
    const level = figures.levelOf({
      picks: 900,
      promise: 'equal',
      servers: servers(1 / 3, 1 / 3, 1 / 3),
    })
    expect(level.tilt).toBeCloseTo(0)
    expect(level.words).toBe('Even: every server gets the share it is due.')
  })

  test('drifts towards the server that gets too much, and names it', () => {
    const left = figures.levelOf({
      picks: 900,
      promise: 'equal',
      servers: servers(0.45, 0.3, 0.25),
    })
    expect(left.tilt).toBeLessThan(-1)
    expect(left.words).toBe('b1 gets 45.0 % where 33.3 % ± 4.7 % is due.')
    const right = figures.levelOf({
      picks: 900,
      promise: 'equal',
      servers: servers(0.3, 0.25, 0.45),
    })
    expect(right.tilt).toBe(-left.tilt)
  })

  test('stays within the lines for what chance may do', () => {
    const level = figures.levelOf({ picks: 100, promise: 'weight', servers: servers(0.55, 0.45) })
    expect(Math.abs(level.tilt)).toBeLessThan(1)
    expect(level.words).toMatch(/^Even/)
  })

  test('blames nobody who follows the load', () => {
    const level = figures.levelOf({ picks: 900, promise: 'adaptive', servers: servers(0.7, 0.3) })
    expect(level.words).toBe('Follows the load: b1 gets 70.0 % where 50.0 % is its part by weight.')
  })

  test('is in the middle while nothing happens', () => {
    const idle = [{ id: 'b1', share: null, dueShare: null }]
    expect(figures.levelOf({ picks: 0, promise: 'equal', servers: idle })).toEqual({
      tilt: 0,
      words: 'No request arrived in the last 10 seconds.',
    })
  })
})

test('share bars end at the smallest round share that all fit in', () => {
  const scale = (share: number | null, dueShare: number | null): number | null =>
    figures.scaleOf([
      { share: 0, dueShare: 0 },
      { share, dueShare },
    ])
  expect(scale(0.334, 0.333)).toBe(0.4)
  expect(scale(0.334, 0.5)).toBe(0.6)
  expect(scale(0.8, 0.1)).toBe(0.8)
  expect(scale(0.81, 0.1)).toBe(1)
  expect(scale(null, null)).toBeNull()
})

test('numbers have three significant digits at most', () => {
  const shown = [0, 0.034, 0.5, 1, 9.999, 12.44, 99.96, 123.4, 1204, 1_234_567].map(figures.short)
  expect(shown).toEqual([
    '0',
    '0.03',
    '0.50',
    '1.00',
    '10.0',
    '12.4',
    '100',
    '123',
    '1,200',
    '1,230,000',
  ])
})

test('shares are per cent, and one in a million is not nothing', () => {
  const shown = [0, 1e-6, 0.0003, 0.0123, 0.333, 1].map(figures.percent)
  expect(shown).toEqual(['0 %', '< 0.01 %', '0.03 %', '1.2 %', '33.3 %', '100.0 %'])
})

test('durations change their unit at a second', () => {
  expect(figures.duration(12.4)).toEqual(['12.4', 'ms'])
  expect(figures.duration(999.9)).toEqual(['1.00', 's'])
  expect(figures.duration(1500)).toEqual(['1.50', 's'])
})

test('long times are words', () => {
  const shown = [0, 1000, 59_999, 60_000, 14 * 60_000, 3_600_000, 200_000_000].map(figures.ago)
  expect(shown).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '14 minutes',
    '1 hour',
    '2 days',
  ])
})

test('changes of state are sentences', () => {
  const say = (from: string, to: string, reason = ''): string =>
    figures.sentenceOf({ from, to, reason })
  expect(say('up', 'down', 'connect refused')).toBe('went down: connect refused')
  expect(say('down', 'up', '2 checks passed')).toBe('is up again: 2 checks passed')
  expect(say('up', 'draining')).toBe('is draining')
  expect(say('gone', 'checking')).toBe('was added, and is checking')
  expect(say('up', 'gone')).toBe('was taken out')
})
