import { createServer } from 'node:net'

/**
 * Rejects with the operating system's error if that port is taken. Threads share their port, and the system would let another
 * proxy that shares its own join them, and take half of the clients. Whoever asks for a port alone is refused.
 */
export function probe(host: string, port: number): Promise<void> {
  return new Promise((resolve, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen({ host, port }, () => server.close(() => resolve()))
  })
}
