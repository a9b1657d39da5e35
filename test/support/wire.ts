import { NO_HOUSE } from '../fuzz/reference/house.ts'
import { readRequest, type Request } from '../fuzz/reference/request.ts'
import type { TestSettings } from './proxy.ts'
import { RawClient } from './raw-client.ts'
import { type Behaviour, OK, type Received } from './recording-backend.ts'
import type { useScene } from './scene.ts'

/** What went over both wires. */
export interface Wire {
  /** What the client got, until the proxy closed its connection. */
  readonly got: string
  /** What reached the backend, byte for byte. */
  readonly sent: string
  /** The same as a strict reader reads it. */
  readonly requests: readonly Request[]
}

/** A backend that answers each whole request, and only then. */
export function understanding(answer: string, requests: Request[] = []): Behaviour {
  const positions = new WeakMap<Received, number>()
  return (connection) => {
    for (;;) {
      const at = positions.get(connection) ?? 0
      const message = readRequest(connection.text, at, NO_HOUSE)
      if (message.kind === 'refused') throw new Error(`not HTTP: ${message.refusal.why}`)
      if (message.kind !== 'request') return
      requests.push(message.request)
      positions.set(connection, message.next)
      connection.socket.write(answer, 'latin1')
    }
  }
}

/** Sends these bytes on a connection of their own, and waits until the proxy closes it: so the last request has to ask for that. */
export async function overTheWire(
  scene: ReturnType<typeof useScene>,
  bytes: string,
  { answer = OK, settings = {} }: { answer?: string; settings?: Partial<TestSettings> } = {},
): Promise<Wire> {
  const requests: Request[] = []
  const { backend, proxy } = await scene.pair(settings, understanding(answer, requests))
  const got = await RawClient.exchange(proxy.port, bytes)
  return { got, sent: backend.text, requests }
}
