import { expect, test, vi } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { sendAll } from './keep-alive-client.ts'
import { useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

async function send(port: number, id: string): Promise<void> {
  const fields = `Host: a\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`
  await RawClient.exchange(port, `GET / HTTP/1.1\r\n${fields}`)
}

test('requests are explained whichever thread had them, also when one of the threads has died', async () => {
  const threads = scene()
  await threads.start('least_connections', [{}, {}, { weight: 0 }])
  const recent = threads.coordinator.recent!
  const ids = Array.from({ length: 24 }, (_, i) => `r-${i}`)
  for (const id of ids) await send(threads.port, id)
  const list = await recent.list({ limit: 100 })
  expect(list.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  expect(await recent.list({ limit: 5 })).toEqual(list.slice(0, 5))
  for (const id of ids) {
    const story = (await recent.find(id))!
    expect(story.id).toBe(id)
    const [{ decision, server }] = story.attempts
    expect(decision).toMatchObject({
      chosen: server,
      excluded: [{ server: 'b3', reason: 'weight' }],
    })
  }
  expect(await recent.find('none')).toBeUndefined()
  await sendAll(threads.clients, 64)
  expect(await recent.list({ limit: 100, server: 'b3' })).toEqual([])

  const { worker } = threads.coordinator.members.get(1)!
  await worker.terminate()
  expect((await recent.list({ limit: 1000 })).length).toBeGreaterThan(0)
})

test('nothing is remembered, and nothing asked, where it is switched off', async () => {
  const threads = scene()
  await threads.start('random', [{}, {}], { explain: false })
  expect(threads.coordinator.recent).toBeUndefined()
})
