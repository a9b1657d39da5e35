import { createServer } from 'node:net'
import type { ListenSettings } from '../listen-settings.ts'

/**
 * Rejects with the operating system's error, and the index of its `place`, if a port is taken. Threads share their ports, and the
 * system would let another proxy that shares its own join them, and take half of the clients. Whoever asks for a port alone is refused.
 */
export async function probe(places: readonly ListenSettings[]): Promise<void> {
  for (const [index, place] of places.entries()) {
    if ('socket' in place || place.port === 0) continue
    const { host, port } = place
    await new Promise<void>((resolve, fail) => {
      const server = createServer()
      server.once('error', (error) => fail(Object.assign(error, { place: index })))
      server.listen({ host, port }, () => server.close(() => resolve()))
    })
  }
}

/** Threads share ports, not Unix sockets, which only the first one serves. */
export function sharedBy(thread: number, places: readonly ListenSettings[]): ListenSettings[] {
  return places.filter((place) => thread === 0 || !('socket' in place))
}
