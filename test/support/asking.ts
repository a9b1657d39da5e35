import type { Stats } from '../../proxy/admin/stats.ts'
import type { TestProxy } from './proxy.ts'
import { RawClient } from './raw-client.ts'

export const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
export const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello'

/** A whole answer of that status. */
export function answerOf(status: number): string {
  return `HTTP/1.1 ${status} So\r\nContent-Length: 2\r\n\r\nok`
}

/** One request on its own connection; the answer as far as it came. */
export async function ask(proxy: TestProxy, request = GET): Promise<string> {
  const client = await RawClient.connect(proxy.port)
  client.send(request)
  await client.until(() => /\r\n\r\n[^]*(ok|\}\n)$/.test(client.text) || client.closed)
  client.leave()
  return client.text
}

export async function statsOf(proxy: TestProxy): Promise<Stats> {
  const answer = await fetch(`${proxy.url}/lb/stats`, { headers: { connection: 'close' } })
  return (await answer.json()) as Stats
}
