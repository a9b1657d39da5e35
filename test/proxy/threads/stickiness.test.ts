import { expect, test, vi } from 'vitest'
import { CookieJar } from '../../support/cookie-jar.ts'
import { useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

/** Which server answered, and which thread had asked it. */
function read(body: string): string[] {
  return body.trim().split(' ')
}

async function sticky(port: number): Promise<Record<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/lb/metrics`, {
    headers: { connection: 'close' },
  })
  const lines = (await answer.text()).matchAll(/^lb_sticky_total\{result="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, result, count]) => [result, Number(count)]))
}

test('sections 2 and 6: all threads know a session by its cookie, and are counted together', async () => {
  const threads = scene()
  const secrets = ['a-secret-of-some-length']
  const stickiness = { cookie: { name: 'at', path: '/', secrets } }
  await threads.start('round_robin', [{}, {}, {}], { stickiness })
  const { port } = threads
  const homes = new Set<string>()
  for (let client = 0; client < 6; client++) {
    const jar = new CookieJar(port)
    const [home] = read((await jar.get()).body)
    homes.add(home)
    const used = new Set<string>()
    // Each on a connection of its own: all in one of four threads once in a thousand million times.
    for (let i = 0; i < 15; i++) {
      const next = await jar.get()
      const [server, thread] = read(next.body)
      used.add(thread)
      expect([server, next.cookies]).toEqual([home, []])
    }
    expect(used.size).toBeGreaterThan(1)
  }
  expect(homes.size).toBe(3)
  expect(await sticky(port)).toEqual({ kept: 90, new: 6, moved: 0, lost: 0, invalid: 0 })
  expect(threads.inflight).toBe(0)
})

test('section 2: all threads have the same home for a key', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}, {}], { stickiness: { query: 'u' } })
  const homes = new Set<string>()
  for (let client = 0; client < 12; client++) {
    const bodies = Array.from({ length: 12 }, async () => {
      return read((await new CookieJar(threads.port).get(`/?u=${client}`)).body)[0]
    })
    const [home, ...others] = new Set(await Promise.all(bodies))
    expect(others).toEqual([])
    homes.add(home)
  }
  expect(homes.size).toBe(3)
})
