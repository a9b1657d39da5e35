import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isLoopback, nameOfHost } from '../loopback.ts'
import { Refusal } from './refusal.ts'

/** Lets in who may steer. */
export class Gate {
  private readonly expected: Buffer | undefined

  /** Whoever acts has to show one. */
  get wantsToken(): boolean {
    return this.expected !== undefined
  }

  constructor(token: string | undefined) {
    this.expected = token === undefined ? undefined : digest(token)
  }

  /** Throws a `Refusal`. `open`: no token is needed for that. */
  check(request: IncomingMessage, open = false): void {
    this.checkOrigin(request)
    if (this.expected === undefined) {
      // A page whose name is made to point at this machine would be of the same origin as we are ("DNS rebinding").
      if (!isLoopback(nameOfHost(request.headers.host ?? ''))) {
        throw new Refusal(403, 'forbidden_host', [
          'without a token the Host must be a loopback address or localhost',
        ])
      }
      return
    }
    if (open) return
    const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? []
    // Digests are equally long, and whoever measures times cannot choose them.
    if (token === undefined || !timingSafeEqual(digest(token), this.expected)) {
      throw new Refusal(401, 'unauthorized', ['needs the field Authorization: Bearer <token>'], {
        'WWW-Authenticate': 'Bearer',
      })
    }
  }

  /** Browsers say which page asks: one of ours is from here, and another's has no business here. */
  private checkOrigin({ headers }: IncomingMessage): void {
    const { origin } = headers
    if (origin !== undefined && origin !== `http://${headers.host}`) {
      throw new Refusal(403, 'forbidden_origin', ['pages of other origins may not ask here'])
    }
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
