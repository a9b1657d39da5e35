import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { Reload, type Reloaded } from '../../proxy/reload.ts'
import { chooseStrategy } from '../../proxy/strategy-choice.ts'
import { Authority } from '../support/certificates.ts'
import type { TestProxy } from '../support/proxy.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()
const authority = await Authority.start()

let folder: string
let config: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-meanwhile-'))
  config = join(folder, 'lb.yaml')
})

afterEach(() => rmSync(folder, { recursive: true }))

interface Live {
  readonly proxy: TestProxy
  /** Writes the file again, and has it read. */
  readonly again: (text: string) => Promise<Reloaded>
}

const REST = 'listen: { host: 127.0.0.1, port: 0 }\n'

async function start(text: string): Promise<Live> {
  writeFileSync(config, REST + text)
  const { settings } = loadSettings({ flags: { config } })
  const reload = new Reload({ config }, settings, await chooseStrategy(settings), () => {})
  const proxy = await scene.proxy(settings)
  const again = (next: string): Promise<Reloaded> => {
    writeFileSync(config, REST + next)
    return reload.reload(proxy.proxy)
  }
  return { proxy, again }
}

function serversOf(...lines: string[]): string {
  return `accessLog: off\nhealth: false\nservers:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`
}

function ids({ proxy }: TestProxy): string[] {
  return proxy.balancer.servers.map(({ id }) => id)
}

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
    const { again, proxy } = await start(serversOf(a))
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
    const ca = join(folder, 'ca.crt')
    writeFileSync(ca, authority.own.cert)
    const text = serversOf(`id: a, url: "https://127.0.0.1:1", tls: { ca: "${ca}" }`)
    const { again, proxy } = await start(text)
    meanwhile(proxy, () => rmSync(ca))
    expect((await again(text.replace('health: false', 'health: { path: /up }'))).ok).toBe(true)
    expect(proxy.proxy.servers.settings).toHaveLength(1)
  })
})
