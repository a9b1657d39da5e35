import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { Reload } from '../../proxy/reload.ts'
import { chooseStrategy } from '../../proxy/strategy-choice.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import { answering } from '../support/recording-backend.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()

test('proxy-behaviour 1 and 2, reload: sessions stay through another strategy, server, secret and no change at all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sessions-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'lb.yaml')
  const backends = await Promise.all(
    Array.from('abcd', (letter) =>
      scene.backend(answering(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${letter}`)),
    ),
  )
  const write = (count: number, strategy: string, cookie: string): void => {
    const servers = backends
      .slice(0, count)
      .map(({ url }, i) => `  - { id: ${'abcd'[i]}, url: "${url}" }`)
    const rest = `listen: { host: 127.0.0.1, port: 0 }\naccessLog: off\nhealth: false\nstrategy: ${strategy}`
    const stickiness = `stickiness: { cookie: { ${cookie} } }`
    writeFileSync(config, [rest, stickiness, 'servers:', ...servers, ''].join('\n'))
  }
  write(3, 'round_robin', '')
  const { settings } = loadSettings({ flags: { config } })
  const reload = new Reload({ config }, settings, await chooseStrategy(settings), () => {})
  const { port, proxy } = await scene.proxy(settings)
  const jars = [0, 1, 2].map(() => new CookieJar(port))
  const homes = async (): Promise<string[]> => {
    return Promise.all(jars.map(async (jar) => (await jar.get()).body))
  }
  const first = await homes()
  expect(new Set(first).size).toBe(3)
  const again = async (...given: Parameters<typeof write>): Promise<void> => {
    write(...given)
    expect((await reload.reload(proxy)).ok).toBe(true)
    expect(await homes()).toEqual(first)
  }
  // The secret that was drawn is the same until the process ends.
  await again(3, 'round_robin', '')
  await again(3, 'least_connections', '')
  await again(4, 'least_connections', '')
  write(4, 'least_connections', 'secret: a-secret-of-some-length')
  expect((await reload.reload(proxy)).said).toContain('changed: stickiness')
  const moved = await homes()
  await reload.reload(proxy)
  expect(await homes()).toEqual(moved)
  write(4, 'least_connections', 'secret: [a-new-secret-of-some-length, a-secret-of-some-length]')
  await reload.reload(proxy)
  expect(await homes()).toEqual(moved)
  write(4, 'least_connections', 'secret: a-new-secret-of-some-length')
  await reload.reload(proxy)
  expect(await homes()).toEqual(moved)
})
