import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Hello } from '../../../proxy/admin/hello.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import type { RecordingDownstream } from '../../support/recording-downstream.ts'
import { Scene } from './scene.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene()
})

afterEach(() => scene.admin.close())

function told(request: RecordingDownstream, event: string): unknown[] {
  const found = request.text.matchAll(new RegExp(`^event: ${event}\\ndata: (.*)$`, 'gm'))
  return [...found].map(([, data]) => JSON.parse(data) as unknown)
}

test('a switch of the strategy is told, and remembered', () => {
  const request = scene.ask('/lb/events')
  scene.pass(1000)
  scene.balancer.useStrategy(findStrategy('random')!)
  scene.pass(2000)
  const note = { kind: 'switched', time: 2000, from: 'weighted_round_robin', to: 'random' }
  expect(told(request, 'switched')).toEqual([note])
  const [hello] = told(scene.ask('/lb/events'), 'hello') as Hello[]
  expect(hello.notes).toEqual([note])
})

test('a new weight is told', () => {
  const request = scene.ask('/lb/events')
  scene.pass(1000)
  scene.balancer.setWeight(scene.server('b1'), 5)
  scene.pass(1000)
  expect(told(request, 'weighed')).toEqual([
    { kind: 'weighed', time: 2000, server: 'b1', from: 3, to: 5 },
  ])
})

describe('a reload', () => {
  test('is told, each time', () => {
    const request = scene.ask('/lb/events')
    for (const at of [5, 6]) {
      scene.readAt = at
      scene.pass(1000)
    }
    scene.pass(1000)
    expect(told(request, 'reloaded')).toEqual([
      { kind: 'reloaded', time: 1000, ok: true },
      { kind: 'reloaded', time: 2000, ok: true },
    ])
  })

  test('that failed is told as one', () => {
    const request = scene.ask('/lb/events')
    scene.reloaded = false
    scene.pass(2000)
    expect(told(request, 'reloaded')).toEqual([{ kind: 'reloaded', time: 1000, ok: false }])
  })
})

describe('where the proxy can be steered', () => {
  const ask = (host: string): unknown => scene.ask('/lb/steering', 'GET', ['Host', host]).json

  test('is told at this machine', () => {
    scene.steeredAt = 'http://127.0.0.1:8081'
    expect(ask('localhost:8080')).toEqual({ here: false, page: 'http://127.0.0.1:8081/lb/' })
  })

  test('is told to nobody who came by another name', () => {
    scene.steeredAt = 'http://127.0.0.1:8081'
    expect(ask('example.test')).toEqual({ here: false, page: null })
  })

  test('is nowhere without an admin API', () => {
    expect(ask('127.0.0.1')).toEqual({ here: false, page: null })
  })
})
