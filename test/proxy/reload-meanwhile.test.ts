import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Authority } from '../support/certificates.ts'
import type { TestProxy } from '../support/proxy.ts'
import { ids, serversOf, useReloading } from '../support/reloading.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()
const authority = await Authority.start()

const reloading = useReloading(scene)

/** Something happens once between what is judged and what is done. */
function meanwhile({ proxy }: TestProxy, happens: () => void): void {
  const prepare = proxy.prepare.bind(proxy)
  proxy.prepare = (plan) => {
    proxy.prepare = prepare
    const change = prepare(plan)
    happens()
    return change
  }
}

describe('proxy-behaviour 1, reload: what came meanwhile is in the way of nothing else', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id, i) => `id: ${id}, url: "http://127.0.0.1:${i + 1}"`)

  it('an id that was taken is told, and the file has its way when it is read again', async () => {
    const { again, proxy } = await reloading.start(serversOf(a))
    const { servers } = proxy.proxy
    const other = { id: 'b', url: 'http://127.0.0.1:9', weight: 1, backup: false }
    meanwhile(proxy, () => servers.add(other))
    const text = `${serversOf(a, b, c)}panic: 0.7\n`
    expect(await again(text)).toEqual({
      ok: true,
      said: [
        'warning: not done to the servers: there is already a server "b"',
        'changed: panic',
        'servers: added c',
        'kept round_robin: the configuration says so still',
      ],
    })
    expect(ids(proxy)).toEqual(['a', 'b', 'c'])
    expect(servers.urlOf(servers.find('b')!)).toBe(other.url)
    await again(text)
    expect(servers.urlOf(servers.find('b')!)).toBe('http://127.0.0.1:2')
  })

  it('checks of servers whose certificates are gone from the disk begin all the same', async () => {
    const ca = join(reloading.folder, 'ca.crt')
    writeFileSync(ca, authority.own.cert)
    const text = serversOf(`id: a, url: "https://127.0.0.1:1", tls: { ca: "${ca}" }`)
    const { again, proxy } = await reloading.start(text)
    meanwhile(proxy, () => rmSync(ca))
    expect((await again(text.replace('health: false', 'health: { path: /up }'))).ok).toBe(true)
    expect(proxy.proxy.servers.settings).toHaveLength(1)
  })
})
