import { expect, test } from 'vitest'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { SILENT } from '../../proxy/core/report.ts'
import { EventQueue } from '../../simulator/event-queue.ts'
import { indexOf } from '../../simulator/events.ts'
import type { ProxyModel } from '../../simulator/proxy-model.ts'
import { Attempt, Request } from '../../simulator/request.ts'
import type { Station } from '../../simulator/station.ts'
import { Workers } from '../../simulator/workers.ts'

/** Attempts that know of no proxy and no server: workers do not ask. */
function attempt(index: number, left: number): Attempt {
  const request = new Request(index, undefined as unknown as ProxyModel)
  const station = undefined as unknown as Station
  const one = new Attempt(index, request, new Endpoint('s1'), station, { ...SILENT })
  one.left = left
  return one
}

/** Which ends come when, of plans that still hold. */
function ends(queue: EventQueue, attempts: readonly Attempt[]): [number, number][] {
  const found: [number, number][] = []
  while (queue.length > 0) {
    const time = queue.nextAt
    const index = indexOf(queue.take())
    if (queue.detail === attempts[index].version) found.push([time, index])
  }
  return found
}

test('each is done when its work is done at its worker’s speed', () => {
  const queue = new EventQueue()
  const workers = new Workers(new Clock(), queue, 2)
  const both = [attempt(0, 10), attempt(1, 4)]
  for (const one of both) workers.begin(one)
  expect(ends(queue, both)).toEqual([
    [2, 1],
    [5, 0],
  ])
})

test('a change of speed plans what is left anew, and what stands still has no end', () => {
  const clock = new Clock()
  const queue = new EventQueue()
  const workers = new Workers(clock, queue, 1)
  const both = [attempt(0, 10), attempt(1, 4)]
  for (const one of both) workers.begin(one)
  clock.now = 2
  workers.setSpeed(0)
  clock.now = 5
  expect(workers.left).toBe(8 + 2)
  workers.setSpeed(4)
  expect(ends(queue, both)).toEqual([
    [5.5, 1],
    [7, 0],
  ])
})

test('whoever ends leaves the others where they are', () => {
  const workers = new Workers(new Clock(), new EventQueue(), 1)
  const three = [attempt(0, 1), attempt(1, 2), attempt(2, 4)]
  for (const one of three) workers.begin(one)
  workers.end(three[0])
  expect(workers.left).toBe(6)
  workers.end(three[2])
  expect(workers.left).toBe(2)
  workers.end(three[1])
  expect(workers.left).toBe(0)
})
