import { expect, test } from 'vitest'
import { begin, plain, told } from './story.ts'

const network = { type: 'constant', value: 3 } as const

test('a message takes its time to the server, and back again', () => {
  expect(told(plain([0, 1], { network }))).toEqual([
    '16: s1 ok in 16',
    '16: client ok in 16, attempts 1',
    '26: s1 ok in 25',
    '26: client ok in 25, attempts 1',
  ])
})

test('a server sees a request when it has come, and no longer than until it has answered', () => {
  const { simulation } = begin(plain([0], { network }))
  const inHandAt = (time: number): number => {
    simulation.run(time)
    return simulation.stations[0].inHand
  }
  expect([2.9, 3, 12.9, 13].map(inHandAt)).toEqual([0, 1, 1, 0])
})

test('being refused takes the way there and back', () => {
  const events = [{ at: 0, server: 's1', outage: 'refuse' }] as const
  expect(told(plain([1], { events, network }))[0]).toBe('7: s1 refused in 6')
})

test('who gives up before the request has come does not trouble the server', () => {
  const { lines, simulation } = begin(plain([0, 50], { network, policy: { timeout: 2 } }))
  simulation.run(49)
  expect(lines).toEqual(['2: s1 timeout in 2', '2: client timeout in 2, attempts 1'])
  expect(simulation.stations[0].model.arrived).toBe(0)
})

test('who gives up while the answer is on its way has had the work done for nothing', () => {
  const { simulation } = begin(plain([0, 50], { network, policy: { timeout: 14 } }))
  simulation.run(49)
  expect(simulation.clients.endings).toMatchObject({ timeout: 1, ok: 0 })
  expect(simulation.stations[0].model).toMatchObject({ served: 1, abandoned: 0 })
})
