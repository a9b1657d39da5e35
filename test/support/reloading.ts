import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { Reload, type Reloaded } from '../../proxy/reload.ts'
import { chooseStrategy } from '../../proxy/strategy-choice.ts'
import type { TestProxy } from './proxy.ts'
import type { useScene } from './scene.ts'

interface Live {
  readonly proxy: TestProxy
  /** Writes the file again, and has it read. */
  readonly again: (text: string) => Promise<Reloaded>
}

const REST = 'listen: { host: 127.0.0.1, port: 0 }\n'

/** A folder a test, with the configuration of a proxy that is read again while it runs. */
class Reloading {
  folder = ''
  private readonly scene: ReturnType<typeof useScene>

  constructor(scene: ReturnType<typeof useScene>) {
    this.scene = scene
  }

  get config(): string {
    return join(this.folder, 'lb.yaml')
  }

  begin(): void {
    const folder = (this.folder = mkdtempSync(join(tmpdir(), 'evenkeel-reloading-')))
    this.scene.atEnd(() => rmSync(folder, { recursive: true }))
  }

  async start(text: string): Promise<Live> {
    const { config } = this
    writeFileSync(config, REST + text)
    const { settings } = loadSettings({ flags: { config } })
    const reload = new Reload({ config }, settings, await chooseStrategy(settings), () => {})
    const proxy = await this.scene.proxy(settings)
    const again = (next: string): Promise<Reloaded> => {
      writeFileSync(config, REST + next)
      return reload.reload(proxy.proxy)
    }
    return { proxy, again }
  }
}

/** For the top of a test file. */
export function useReloading(scene: ReturnType<typeof useScene>): Reloading {
  const reloading = new Reloading(scene)
  beforeEach(() => reloading.begin())
  return reloading
}

/** Each in YAML, without its braces; and nothing beside them. */
export function serversOf(...lines: string[]): string {
  return `accessLog: off\nhealth: false\nservers:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`
}

export function ids({ proxy }: TestProxy): string[] {
  return proxy.balancer.servers.map(({ id }) => id)
}
