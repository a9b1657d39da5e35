import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

/** Of a sealed value, in bytes: when it expires, whom it names, and the seal. A multiple of 3, so that there is one text for it only. */
const EXPIRY = 4
const NAME = 10
const SEAL = 16
const TEXT = /^[\w-]{40}$/

/** What a value says that was sealed here. */
export interface Opened {
  /** The server, as `nameOf` names it with that secret. */
  readonly name: string
  /** In seconds of Unix time; 0: never. */
  readonly expiry: number
  /** By which secret it was sealed: 0 is the one that seals. */
  readonly secret: number
}

/**
 * Seals which server a session is at, so that a client can neither read it nor make it up: a keyed hash stands for the server's id,
 * and another one over that and the time when it expires (HMAC with SHA-256, cut to 80 and 128 bits: RFC 2104, section 5). The first
 * secret seals; the others open what was sealed before they were replaced.
 */
export class SessionSeal {
  private readonly secrets: readonly KeyObject[]

  constructor(secrets: readonly string[]) {
    this.secrets = secrets.map((secret) => createSecretKey(Buffer.from(secret)))
  }

  get count(): number {
    return this.secrets.length
  }

  /** What stands for a server in the values that this secret seals. */
  nameOf(id: string, secret = 0): string {
    return hmac(this.secrets[secret], 'server', Buffer.from(id)).toString('latin1', 0, NAME)
  }

  seal(name: string, expiry: number): string {
    const content = Buffer.alloc(EXPIRY + NAME)
    content.writeUInt32BE(expiry)
    content.write(name, EXPIRY, 'latin1')
    const seal = hmac(this.secrets[0], 'session', content)
    return Buffer.concat([content, seal.subarray(0, SEAL)]).toString('base64url')
  }

  /** Undefined for what was not sealed here. It says nothing of why, nor does the time that it takes. */
  open(text: string): Opened | undefined {
    if (!TEXT.test(text)) return undefined
    const bytes = Buffer.from(text, 'base64url')
    const content = bytes.subarray(0, EXPIRY + NAME)
    const given = bytes.subarray(EXPIRY + NAME)
    for (let secret = 0; secret < this.secrets.length; secret++) {
      const seal = hmac(this.secrets[secret], 'session', content)
      if (!timingSafeEqual(given, seal.subarray(0, SEAL))) continue
      const name = content.toString('latin1', EXPIRY)
      return { name, expiry: content.readUInt32BE(), secret }
    }
    return undefined
  }
}

/** `purpose`: what is made for one is good for no other. */
function hmac(secret: KeyObject, purpose: 'server' | 'session', content: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\0`).update(content).digest()
}
