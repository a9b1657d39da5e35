import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Hello } from '../../../proxy/admin/hello.ts'
import type { Snapshot, StateEvent } from '../../../proxy/core/snapshot.ts'
import { RecordingDownstream } from '../../support/recording-downstream.ts'
import { Scene } from './scene.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene()
})

afterEach(() => scene.admin.close())

interface Message {
  event: string
  data: unknown
}

/** Reads a stream as a browser does. */
function messagesOf(request: RecordingDownstream): Message[] {
  const blocks = request.text.split('\n\n')
  expect(blocks.pop()).toBe('') // Nothing is left half said.
  return blocks.flatMap((block) => {
    const match = /^event: (\w+)\ndata: (.+)$/.exec(block)
    if (match === null) expect(block).toBe('retry: 2000')
    return match === null ? [] : [{ event: match[1], data: JSON.parse(match[2]) }]
  })
}

function listen(): RecordingDownstream {
  return scene.ask('/lb/events')
}

function namesOf(request: RecordingDownstream): string[] {
  return messagesOf(request).map((message) => message.event)
}

test('a stream is one, and is not kept on the way', () => {
  const request = listen()
  expect(request.status).toBe(200)
  expect(request.answer.get('content-type')).toBe('text/event-stream')
  expect(request.answer.get('cache-control')).toBe('no-store')
  expect(request.answer.has('content-length')).toBe(false)
  expect(request.text).toMatch(/^retry: 2000\n\n/)
  expect(request.ended).toBe(false)
})

test('a snapshot comes each second', () => {
  const request = listen()
  scene.serve(10)
  scene.pass(3000)
  expect(namesOf(request)).toEqual(['hello', 'snapshot', 'snapshot', 'snapshot'])
  const [, first, , third] = messagesOf(request).map((message) => message.data as Snapshot)
  expect(first.requests.count).toBe(1)
  expect(first.servers.map((server) => server.id)).toEqual(['b1', 'b2'])
  expect(third.time).toBe(3000)
})

test('who comes later gets the latest snapshot and what happened before, at once', () => {
  scene.balancer.setHealthy(scene.server('b2'), false, 'connect refused')
  scene.pass(2000)
  const request = listen()
  expect(namesOf(request)).toEqual(['hello', 'snapshot'])
  const [hello, snapshot] = messagesOf(request)
  expect((hello.data as Hello).startedAt).toBe('2026-01-02T03:04:05.678Z')
  expect((hello.data as Hello).events).toMatchObject([
    { server: 'b2', from: 'up', to: 'down', reason: 'connect refused', time: 100 },
  ])
  expect((snapshot.data as Snapshot).time).toBe(2000)
})

test('a change of state does not wait for the second to end', () => {
  const request = listen()
  scene.balancer.setAdmin(scene.server('b1'), 'drain')
  scene.pass(100)
  const [, state] = messagesOf(request)
  expect(state.event).toBe('state')
  expect(state.data as StateEvent).toMatchObject({ server: 'b1', from: 'up', to: 'draining' })
})

test('only the latest fifty changes are remembered', () => {
  for (let i = 0; i < 60; i++) {
    scene.balancer.setHealthy(scene.server('b1'), i % 2 === 1, `change ${i}`)
    scene.pass(100)
  }
  const { events } = messagesOf(listen())[0].data as Hello
  expect(events.map((event) => event.reason)).toEqual(
    Array.from({ length: 50 }, (_, i) => `change ${i + 10}`),
  )
})

test('line breaks in a reason do not break the stream', () => {
  const request = listen()
  scene.balancer.setHealthy(scene.server('b1'), false, 'one\n\ndata: two\r\n')
  scene.pass(100)
  expect(messagesOf(request)[1].data).toMatchObject({ reason: 'one\n\ndata: two\r\n' })
})

test('a snapshot is written as JSON once for all, and not at all for nobody', () => {
  const stringify = vi.spyOn(JSON, 'stringify')
  const snapshots = (): unknown[] =>
    stringify.mock.calls.filter(([each]) => 'servers' in (each as object))
  try {
    scene.pass(5000)
    expect(snapshots()).toHaveLength(0)
    for (let i = 0; i < 10; i++) listen()
    stringify.mockClear()
    scene.pass(3000)
    expect(snapshots()).toHaveLength(3)
  } finally {
    stringify.mockRestore()
  }
})

describe('a slow reader', () => {
  test('is told nothing until it reads on, and then how things stand', () => {
    const request = listen()
    const other = listen()
    request.room = false
    scene.pass(1000) // This one filled the connection.
    const before = request.text
    scene.balancer.setHealthy(scene.server('b2'), false, 'connect refused')
    scene.pass(5000)
    expect(request.text).toBe(before)
    expect(namesOf(other)).toHaveLength(8)
    request.room = true
    request.owner!.onDrain()
    const news = messagesOf(request).slice(2)
    expect(news.map((message) => message.event)).toEqual(['hello', 'snapshot'])
    expect((news[0].data as Hello).events).toHaveLength(1)
    expect((news[1].data as Snapshot).time).toBe(6000)
    scene.pass(1000)
    expect(namesOf(request).at(-1)).toBe('snapshot')
  })

  test('who has missed nothing is told nothing again', () => {
    const request = listen()
    request.room = false
    scene.pass(1000)
    const before = request.text
    request.room = true
    request.owner!.onDrain()
    expect(request.text).toBe(before)
  })

  test('is given up after half a minute', () => {
    const request = listen()
    request.room = false
    scene.pass(30_000)
    expect(request.wasCut).toBe(false)
    scene.pass(1000)
    expect(request.wasCut).toBe(true)
    scene.pass(1000)
  })
})

test('who has left is written to no more', () => {
  const request = listen()
  const before = request.text
  request.owner!.onLeft()
  scene.pass(2000)
  expect(request.text).toBe(before)
})

test('there are 64 streams at most, and a place is free again when one leaves', () => {
  const streams = Array.from({ length: 64 }, listen)
  const late = listen()
  expect(late.status).toBe(503)
  expect(late.json).toEqual({ error: 'too_many_streams' })
  expect(late.answer.get('retry-after')).toBe('5')
  streams[10].owner!.onLeft()
  expect(listen().status).toBe(200)
  expect(listen().status).toBe(503)
})

test('HEAD gets a head, and takes no place', () => {
  for (let i = 0; i < 70; i++) {
    const request = scene.ask('/lb/events', 'HEAD')
    expect(request.status).toBe(200)
    expect(request.ended).toBe(true)
  }
  expect(listen().status).toBe(200)
})

test('close ends every stream, and nobody can come any more', () => {
  const streams = [listen(), listen()]
  scene.admin.close()
  expect(streams.map((request) => request.ended)).toEqual([true, true])
  expect(listen().status).toBe(503)
  scene.pass(2000)
  scene.admin.close()
})
