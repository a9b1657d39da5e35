import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { TestProxy } from './proxy.ts'
import { RawClient } from './raw-client.ts'
import type { RecordingBackend } from './recording-backend.ts'
import { HANDSHAKE } from './upgrading.ts'

/** Resolves when nothing is in flight any more. */
export async function idle(proxy: TestProxy): Promise<void> {
  while (proxy.inflight > 0) await turn()
}

/** How the attempts at the first server ended. */
export function attempts({ proxy }: TestProxy): Record<string, number> {
  const [{ attempts: tally }] = proxy.series.total().servers
  return Object.fromEntries(Object.entries(tally.outcomes).filter(([, count]) => count > 0))
}

/** A tunnel through a proxy, open. */
export async function tunnel(
  proxy: TestProxy,
  backend: RecordingBackend,
): Promise<{ client: RawClient; server: Socket }> {
  const before = backend.connections.length
  const client = await RawClient.connect(proxy.port)
  client.send(HANDSHAKE)
  await client.receive('\r\n\r\n')
  return { client, server: backend.connections[before].socket }
}
