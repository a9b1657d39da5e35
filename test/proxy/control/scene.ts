import { afterEach } from 'vitest'
import { openControl } from '../../../proxy/control/open.ts'
import { Reload } from '../../../proxy/reload.ts'
import { chooseStrategy } from '../../../proxy/strategy-choice.ts'
import type { AdminSettings } from '../../../proxy/settings.ts'
import { TestProxy, type TestSettings, testSettings } from '../../support/proxy.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'

export interface Reply<T = Record<string, unknown>> {
  status: number
  headers: Headers
  body: T
}

/** A proxy with an admin API, and what asks it. Ends with the test. */
export class ControlScene {
  proxy!: TestProxy
  backend!: RecordingBackend
  url = ''
  readonly said: string[] = []

  async start(
    settings: Partial<TestSettings> = {},
    admin: Partial<AdminSettings> = {},
  ): Promise<this> {
    this.backend = await RecordingBackend.start()
    const { url } = this.backend
    const servers = [{ url, weight: 2, max: 100 }, { url }]
    this.proxy = await TestProxy.start({ servers, ...settings })
    const all = testSettings({ servers, ...settings })
    const say = (message: string): void => void this.said.push(message)
    const flags = { backendServers: `${url},${url}`, algorithm: 'random' }
    const reload = new Reload(flags, all, await chooseStrategy(all), say)
    const where = { host: '127.0.0.1', port: 0, ...admin }
    const address = await openControl(where, this.proxy.proxy, reload, say)
    this.url = `http://127.0.0.1:${address!.port}`
    return this
  }

  readonly ask = async <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> => {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const { headers: fields, status } = answer
    return { status, headers: fields, body: (text === '' ? undefined : JSON.parse(text)) as T }
  }

  async end(): Promise<void> {
    this.proxy.proxy.kill()
    await this.backend.stop()
  }
}

/** For the top of a test file. */
export function useControl(): () => ControlScene {
  const scenes: ControlScene[] = []
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.end()
  })
  return () => {
    const scene = new ControlScene()
    scenes.push(scene)
    return scene
  }
}
