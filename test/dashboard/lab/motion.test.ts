import { describe, expect, test } from 'vitest'
import { geometryOf } from '../../../dashboard/lab/lanes/geometry.ts'
import { Motion } from '../../../dashboard/lab/lanes/motion.ts'
import type { LaneFrame, ServerFrame } from '../../../dashboard/race/frame.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'

const GEOMETRY = geometryOf(400, 132, 2)

/** Of two servers: requests by number, server, served or not, since when; and answers of one server. */
function lane(requests: readonly number[][], answeredBy: readonly number[] = []): LaneFrame {
  const server = { serving: 1, queued: 1 } as ServerFrame
  const ok = OUTCOMES.indexOf('ok')
  return {
    servers: [server, server],
    requests: Float64Array.from(requests.flat()),
    endings: Float64Array.from(answeredBy.flatMap((each) => [each, ok, 5])),
  } as unknown as LaneFrame
}

describe('requests in a lane', () => {
  test('fly from the dispatcher to their server, and fall out when they are answered', () => {
    const motion = new Motion(false)
    motion.follow(lane([[7, 0, 1, 0]]), 1, GEOMETRY, 1000)
    motion.move(1000)
    const dot = motion.dots.get(7)!
    expect([dot.x, dot.y]).toEqual([GEOMETRY.mouth, GEOMETRY.rail])
    expect(motion.moving(1100)).toBe(true)
    motion.move(1400)
    expect([dot.x, dot.y]).toEqual([dot.toX, dot.toY])
    expect(motion.moving(1400)).toBe(false)
    motion.follow(lane([], [0]), 2, GEOMETRY, 1500)
    expect(motion.leavers).toMatchObject([{ ok: true }])
    motion.move(2000)
    expect(motion.leavers).toEqual([])
  })

  test('are where they belong at once, and stay, where nobody wants to see things move', () => {
    const motion = new Motion(true)
    const [first, second] = [
      [7, 0, 1, 0],
      [8, 0, 0, 1],
    ]
    for (const requests of [[first, second], [[8, 0, 1, 1]]]) {
      motion.follow(lane(requests, [0]), 2, GEOMETRY, 1000)
      motion.move(1000)
      for (const { toX, toY, x, y } of motion.dots.values()) expect([x, y]).toEqual([toX, toY])
      expect(motion.moving(1000)).toBe(false)
    }
    expect([...motion.dots.keys()]).toEqual([8])
    expect(motion.leavers).toEqual([])
  })
})
