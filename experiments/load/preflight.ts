import { isIP } from 'node:net'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Tls } from './connections.ts'

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: nothing listens there',
  ENOTFOUND: 'is unknown: no such host',
  EAI_AGAIN: 'cannot be looked up: the name servers do not answer',
  EHOSTUNREACH: 'cannot be reached: there is no way to that host',
  ENETUNREACH: 'cannot be reached: there is no way to that network',
  ECONNRESET: 'breaks connections off as soon as they are open',
  ETIMEDOUT: 'does not answer',
  EPROTO: 'does not speak TLS there: is it http://?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS there: is it http://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS there: is it http://?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
}

/**
 * Why nobody can connect to an origin, in a few words to be read after it; undefined if one can. Sends no request: it opens a
 * connection, with TLS where the scheme says so, and closes it.
 */
export async function unreachable(
  url: URL,
  tls: Tls,
  patience: number,
): Promise<string | undefined> {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const place = { host, port: Number(url.port) || (secure ? 443 : 80) }
  const named = isIP(host) === 0 ? { servername: host } : {}
  const socket: Socket = secure
    ? connectTls({ ...place, ...named, ...(tls as object) })
    : connectPlain(place)
  try {
    await new Promise<void>((connected, failed) => {
      socket.once(secure ? 'secureConnect' : 'connect', connected)
      socket.once('error', failed)
      socket.once('close', () => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
      setTimeout(
        () => failed(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
        patience,
      ).unref()
    })
    return undefined
  } catch (error) {
    return reasonOf(error as NodeJS.ErrnoException)
  } finally {
    socket.destroy()
    socket.on('error', () => {})
  }
}

function reasonOf(error: NodeJS.ErrnoException & { errors?: unknown[] }): string {
  // Of a name with several addresses each has failed in its way; the first says enough.
  const first = (error.errors?.[0] ?? error) as NodeJS.ErrnoException
  const { code = '', message } = first
  const hint = HINTS[code]
  if (hint !== undefined) return `${hint} (${code})`
  if (/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|ISSUER/.test(code))
    return `shows a certificate that nobody known has signed: --ca FILE names who has, --insecure believes anybody (${code})`
  return `cannot be reached: ${message}${code === '' ? '' : ` (${code})`}`
}
