import { once } from 'node:events'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { RawClient } from './raw-client.ts'

export interface TlsClient {
  readonly client: RawClient
  readonly socket: TLSSocket
  /** The names of the server's certificate. */
  readonly names: string
}

/** A client that has shaken hands. Rejects with the reason where that fails. */
export async function connectTls(port: number, options: ConnectionOptions): Promise<TlsClient> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'a.test', ...options })
  await once(socket, 'secureConnect')
  const client = RawClient.on(socket)
  return { client, socket, names: socket.getPeerX509Certificate()?.subjectAltName ?? '' }
}

/** The session that the server gives, once it has. */
export async function sessionOf({ client, socket }: TlsClient): Promise<Buffer> {
  const version = socket.getProtocol()
  const given = version === 'TLSv1.3' ? once(socket, 'session') : [socket.getSession()]
  client.send('GET /lb/health HTTP/1.1\r\nHost: a\r\n\r\n')
  const [session] = (await given) as [Buffer]
  await client.receive('\r\n\r\n')
  return session
}
