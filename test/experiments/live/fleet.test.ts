import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { ChildProgram } from '../../../experiments/live/child.ts'
import { Child } from '../../../experiments/live/child.ts'
import { Fleet, type FleetEvent } from '../../../experiments/live/fleet.ts'

const FILE = fileURLToPath(new URL('tiny-fake.ts', import.meta.url))

let fleet: Fleet | undefined

afterEach(() => fleet?.kill())

function program(name: string, port: string): ChildProgram {
  const environment = { ...process.env, NAME: name, PORT: port }
  return { name, file: FILE, arguments: [], environment }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a fake that is killed is started again on its port, and both are told', async () => {
  fleet = new Fleet(2, (index, port) => program(`b${index + 1}`, port ?? '0'), 0)
  const events: FleetEvent[] = []
  const back = Promise.withResolvers<void>()
  fleet.onEvent = (event) => {
    events.push(event)
    if (event.kind === 'started') back.resolve()
  }
  await fleet.start()
  const [, second] = fleet.fakes
  const { pid, url } = second
  process.kill(pid!, 'SIGKILL')
  await back.promise
  expect(events).toMatchObject([
    { kind: 'died', id: 'b2', pid, reason: 'was killed by SIGKILL' },
    { kind: 'started', id: 'b2', pid: second.pid },
  ])
  expect(second).toMatchObject({ url, starts: 2 })
  expect(await (await fetch(url)).text()).toBe('b2')
  const pids = fleet.fakes.map((fake) => fake.pid!)
  await fleet.stop()
  expect(pids.map(isRunning)).toEqual([false, false])
})

test('a port in use is told with its code, and nothing keeps running', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  fleet = new Fleet(2, (index) => program(`b${index + 1}`, index === 0 ? '0' : String(port)))
  const pids = fleet.fakes.map((fake) => fake.pid!)
  await expect(fleet.start()).rejects.toMatchObject({ program: 'b2', code: 'EADDRINUSE' })
  await fleet.stop()
  other.close()
  expect(pids.map(isRunning)).toEqual([false, false])
})

test('of several ports in use the lowest is told, even when it was noticed last', async () => {
  const [gate, ...others] = [1, 2, 3].map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all([gate, ...others].map((server) => once(server, 'listening')))
  const [held, ...taken] = [gate, ...others].map((server) =>
    String((server.address() as AddressInfo).port),
  )
  fleet = new Fleet(2, (index) => {
    const fake = program(`b${index + 1}`, taken[index])
    return index === 0 ? { ...fake, environment: { ...fake.environment, GATE: held } } : fake
  })
  const [, second] = fleet.fakes
  const started = fleet.start()
  started.catch(() => {})
  const [socket] = (await once(gate, 'connection')) as [Socket]
  while (second.pid !== undefined) await turn()
  socket.end()
  await expect(started).rejects.toMatchObject({ program: 'b1', code: 'EADDRINUSE' })
  await fleet.stop()
  for (const server of [gate, ...others]) server.close()
})

test('a program that ends before it listens is told with its last words', async () => {
  const child = new Child(program('broken', '0'))
  await expect(child.listening).rejects.toThrow('broken by design')
  expect(await child.exited).toBe('ended with code 1')
  expect(child.pid).toBeUndefined()
})

test('a program that is stopped while it starts is gone at once', async () => {
  const child = new Child(program('b1', '0'))
  const { pid } = child
  await child.stop(60_000)
  expect(isRunning(pid!)).toBe(false)
  expect(await child.exited).toBe('was killed by SIGKILL')
})
