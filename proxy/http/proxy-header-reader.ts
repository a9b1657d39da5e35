import type { Socket } from 'node:net'
import { BAD, MORE, readProxyHeader } from './proxy-header.ts'

/** One of both is called, once; none if the connection is gone before. */
export interface ProxyHeaderOwner {
  /** What has come in behind the header is put back, and the connection is paused. */
  onHeader(address: string | undefined): void
  onBadHeader(): void
}

/** Reads the PROXY header from a connection that must begin with one. */
export function awaitProxyHeader(socket: Socket, owner: ProxyHeaderOwner): void {
  let seen: Buffer = Buffer.alloc(0)
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const header = readProxyHeader(seen)
    if (header === MORE) return
    socket.off('data', onData)
    socket.off('end', onEnd)
    if (header === BAD) {
      owner.onBadHeader()
      return
    }
    socket.pause()
    if (seen.length > header.length) socket.unshift(seen.subarray(header.length))
    owner.onHeader(header.address)
  }
  // Somebody who only wanted to see whether the port is open says nothing; that is no fault.
  const onEnd = (): void => {
    if (seen.length > 0) owner.onBadHeader()
    else socket.destroy()
  }
  socket.on('data', onData)
  socket.on('end', onEnd)
}
