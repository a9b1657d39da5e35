import { RawClient } from './raw-client.ts'

/** An answer, as a client saw it. */
export interface Answered {
  readonly status: number
  /** The values of its fields `set-cookie`. */
  readonly cookies: readonly string[]
  readonly text: string
  readonly body: string
}

export function readAnswer(text: string): Answered {
  const [head] = text.split('\r\n\r\n', 1)
  const cookies = [...head.matchAll(/^set-cookie: (.*)$/gim)].map(([, value]) => value)
  return { status: Number(text.slice(9, 12)), cookies, text, body: text.slice(head.length + 4) }
}

/** A client that keeps cookies as browsers do, as far as their names and values go, each request on a connection of its own. */
export class CookieJar {
  readonly cookies = new Map<string, string>()
  private readonly port: number

  constructor(port: number) {
    this.port = port
  }

  /** `more`: fields, with their line ends. */
  async get(path = '/', more = ''): Promise<Answered> {
    const pairs = [...this.cookies].map(([name, value]) => `${name}=${value}`)
    const cookie = pairs.length === 0 ? '' : `Cookie: ${pairs.join('; ')}\r\n`
    const head = `GET ${path} HTTP/1.1\r\nHost: a\r\n${cookie}${more}Connection: close\r\n\r\n`
    const answer = readAnswer(await RawClient.exchange(this.port, head))
    for (const set of answer.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      this.cookies.set(name, value)
    }
    return answer
  }
}
