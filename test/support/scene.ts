import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach } from 'vitest'
import { Http2Front } from './http2-front.ts'
import { TestProxy, type TestSettings } from './proxy.ts'
import { type Behaviour, RecordingBackend } from './recording-backend.ts'
import { until } from './until.ts'

/** Backends and proxies of one test; all of them end with it. */
class Scene {
  private readonly endings: (() => Promise<void> | void)[] = []

  async backend(behaviour?: Behaviour): Promise<RecordingBackend> {
    const backend = await RecordingBackend.start(behaviour)
    this.atEnd(() => backend.stop())
    return backend
  }

  /** An origin where nobody listens, nor can while the test runs: a connection to elsewhere has the port. */
  async deadUrl(): Promise<string> {
    const backend = await this.backend()
    const holder = connect(Number(new URL(backend.url).port), '127.0.0.1')
    await once(holder, 'connect')
    this.atEnd(() => void holder.destroy())
    return `http://127.0.0.1:${holder.localPort}`
  }

  async proxy(settings: TestSettings): Promise<TestProxy> {
    const proxy = await TestProxy.start(settings)
    this.atEnd(() => proxy.proxy.kill())
    return proxy
  }

  /** One backend, and a proxy before it. */
  async pair(
    settings: Partial<TestSettings> = {},
    behaviour?: Behaviour,
  ): Promise<{ proxy: TestProxy; backend: RecordingBackend }> {
    const backend = await this.backend(behaviour)
    return { backend, proxy: await this.proxy({ servers: [backend.url], ...settings }) }
  }

  /** One backend, and a proxy before it that speaks HTTP/2. */
  async http2(
    settings: Partial<TestSettings> = {},
    behaviour?: Behaviour,
  ): Promise<{ front: Http2Front; backend: RecordingBackend }> {
    const backend = await this.backend(behaviour)
    const front = await Http2Front.start({ servers: [backend.url], ...settings })
    this.atEnd(() => front.end())
    return { backend, front }
  }

  readonly until = until

  atEnd(ending: () => Promise<void> | void): void {
    this.endings.push(ending)
  }

  async end(): Promise<void> {
    for (const ending of this.endings.splice(0).toReversed()) await ending()
  }
}

/** For the top of a test file. */
export function useScene(): Scene {
  const scene = new Scene()
  afterEach(() => scene.end())
  return scene
}
