import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { type Share, type Tilt, tiltOf } from '../../../dashboard/shell/tilt.ts'

interface Given {
  readonly picks: number
  readonly promise: Snapshot['promise']
  readonly servers: readonly Share[]
}

const of = ({ picks, promise, servers }: Given): Tilt => tiltOf(servers, picks, promise)

describe('the level', () => {
  const servers = (...shares: number[]): Share[] =>
    shares.map((share, i) => ({ id: `b${i + 1}`, share, dueShare: 1 / shares.length }))

  test('is in the middle when everybody gets what is due', () => {
    const level = of({
      picks: 900,
      promise: 'equal',
      servers: servers(1 / 3, 1 / 3, 1 / 3),
    })
    expect(level.tilt).toBeCloseTo(0)
    expect(level.words).toBe('Even: every server gets the share it is due.')
  })

  test('drifts towards the server that gets too much, and names it', () => {
    const left = of({
      picks: 900,
      promise: 'equal',
      servers: servers(0.45, 0.3, 0.25),
    })
    expect(left.tilt).toBeLessThan(-1)
    expect(left.words).toBe('b1 gets 45.0 % where 33.3 % ± 4.7 % is due.')
    const right = of({
      picks: 900,
      promise: 'equal',
      servers: servers(0.3, 0.25, 0.45),
    })
    expect(right.tilt).toBe(-left.tilt)
  })

  test('stays within the lines for what chance may do', () => {
    const level = of({ picks: 100, promise: 'weight', servers: servers(0.55, 0.45) })
    expect(Math.abs(level.tilt)).toBeLessThan(1)
    expect(level.words).toMatch(/^Even/)
  })

  test('blames nobody who follows the load', () => {
    const level = of({ picks: 900, promise: 'adaptive', servers: servers(0.7, 0.3) })
    expect(level.words).toBe('Follows the load: b1 gets 70.0 % where 50.0 % is its part by weight.')
  })

  test('is in the middle while nothing happens', () => {
    const idle = [{ id: 'b1', share: null, dueShare: null }]
    expect(of({ picks: 0, promise: 'equal', servers: idle })).toEqual({
      tilt: 0,
      words: 'No request arrived in the last 10 seconds.',
    })
  })
})
