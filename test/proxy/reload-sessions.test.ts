import { expect, test } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import { answering } from '../support/recording-backend.ts'
import { serversOf, useReloading } from '../support/reloading.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()
const reloading = useReloading(scene)

test('proxy-behaviour 1 and 2, reload: sessions stay through another strategy, server, secret and no change at all', async () => {
  const backends = await Promise.all(
    Array.from('abcd', (letter) =>
      scene.backend(answering(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${letter}`)),
    ),
  )
  const text = (count: number, strategy: string, cookie: string): string => {
    const servers = backends.slice(0, count).map(({ url }, i) => `id: ${'abcd'[i]}, url: "${url}"`)
    return `${serversOf(...servers)}strategy: ${strategy}\nstickiness: { cookie: { ${cookie} } }\n`
  }
  const { again, proxy } = await reloading.start(text(3, 'round_robin', ''))
  const jars = [0, 1, 2].map(() => new CookieJar(proxy.port))
  const homes = async (): Promise<string[]> => {
    return Promise.all(jars.map(async (jar) => (await jar.get()).body))
  }
  const first = await homes()
  expect(new Set(first).size).toBe(3)
  const stays = async (...given: Parameters<typeof text>): Promise<void> => {
    expect((await again(text(...given))).ok).toBe(true)
    expect(await homes()).toEqual(first)
  }
  // The secret that was drawn is the same until the process ends.
  await stays(3, 'round_robin', '')
  await stays(3, 'least_connections', '')
  await stays(4, 'least_connections', '')
  const one = text(4, 'least_connections', 'secret: a-secret-of-some-length')
  expect((await again(one)).said).toContain('changed: stickiness')
  const moved = await homes()
  await again(one)
  expect(await homes()).toEqual(moved)
  const both = 'secret: [a-new-secret-of-some-length, a-secret-of-some-length]'
  await again(text(4, 'least_connections', both))
  expect(await homes()).toEqual(moved)
  await again(text(4, 'least_connections', 'secret: a-new-secret-of-some-length'))
  expect(await homes()).toEqual(moved)
})
