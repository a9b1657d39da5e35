import type { StickyCookieSettings } from '../../../proxy/settings.ts'
import type { CookieJar } from '../../support/cookie-jar.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { answering, type RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

export const COOKIE: StickyCookieSettings = {
  name: 'at',
  path: '/',
  secrets: ['a-secret-of-some-length'],
}
export const SET = /^at=([\w-]{40}); Path=\/; HttpOnly; SameSite=Lax$/

/** Servers that answer with their letter, and proxies before them. */
class StickyScene {
  private readonly scene = useScene()

  atEnd(ending: () => void): void {
    this.scene.atEnd(ending)
  }

  letters(names = 'abc', fields = ''): Promise<RecordingBackend[]> {
    const behaviour = (letter: string) =>
      answering(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n${fields}\r\n${letter}`)
    return Promise.all(Array.from(names, (letter) => this.scene.backend(behaviour(letter))))
  }

  /** One server, and a proxy before it that speaks HTTP/2. */
  http2() {
    return this.scene.http2({ stickiness: { cookie: COOKIE } })
  }

  proxy(
    backends: readonly RecordingBackend[],
    settings: Partial<TestSettings> = {},
  ): Promise<TestProxy> {
    const servers = backends.map(({ url }, i) => ({ url, id: 'abc'[i] }))
    return this.scene.proxy({ servers, ...settings })
  }

  byCookie(
    backends: readonly RecordingBackend[],
    cookie: Partial<StickyCookieSettings> = {},
    settings: Partial<TestSettings> = {},
  ): Promise<TestProxy> {
    return this.proxy(backends, { stickiness: { cookie: { ...COOKIE, ...cookie } }, ...settings })
  }
}

/** For the top of a test file. */
export function useStickyScene(): StickyScene {
  return new StickyScene()
}

/** Who answers so many requests of this client, in letters. */
export async function served(jar: CookieJar, times: number): Promise<string> {
  let letters = ''
  for (let i = 0; i < times; i++) letters += (await jar.get()).body
  return letters
}
