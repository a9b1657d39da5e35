import { checkSetup, type Problems, type Setup } from './setup.ts'

/** What links are written in now. Whoever changes what they mean counts on. */
const VERSION = 1
/** What a setup may come to when it is unpacked: a small text can unpack to anything. */
const MOST_BYTES = 4_000_000

/** A log that is too large for a link, and stays where it is: by this others know it again. */
export interface LogNote {
  readonly name: string
  readonly requests: number
  readonly sha256: string
}

/** What a link says. With a `log` its scenario has other requests in place of the recorded ones. */
export interface Linked extends Setup {
  readonly log?: LogNote
}

/** `#1.…`: the setup, deflated, in letters that every messenger leaves alone. */
export async function writeLink({ log, reps, scenario, strategies }: Linked): Promise<string> {
  const parts = [scenario, strategies, reps]
  const said = log === undefined ? parts : [...parts, [log.name, log.requests, log.sha256]]
  const bytes = new TextEncoder().encode(JSON.stringify(said))
  const packed = await through(bytes, new CompressionStream('deflate-raw'))
  return `#${VERSION}.${base64url(packed)}`
}

/** What a link says; undefined for none. In words what is wrong with it, if anything is. */
export async function readLink(hash: string): Promise<Linked | Problems | undefined> {
  if (hash === '' || hash === '#') return undefined
  const [, version, rest] = /^#(\d{1,6})\.(.*)$/s.exec(hash) ?? []
  if (version === undefined) return wrong('it is not one of this page’s')
  if (Number(version) > VERSION)
    return wrong('it was made by a newer Evenkeel than this one, which cannot read it')
  if (Number(version) < VERSION) return wrong('it is of a version that never was')
  let given: unknown
  try {
    const bytes = await through(
      fromBase64url(rest),
      new DecompressionStream('deflate-raw'),
      MOST_BYTES,
    )
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return wrong('a part of it is missing or changed')
  }
  if (!Array.isArray(given)) return wrong('a part of it is missing or changed')
  const [scenario, strategies, reps, log] = given as unknown[]
  const checked = checkSetup({ scenario, strategies, reps })
  if ('problems' in checked || log === undefined) return checked
  const note = noteOf(log)
  return note === undefined ? wrong('what it says of its log cannot be') : { ...checked, log: note }
}

function noteOf(given: unknown): LogNote | undefined {
  if (!Array.isArray(given)) return undefined
  const [name, requests, sha256] = given as unknown[]
  if (typeof name !== 'string' || name === '' || name.length > 255) return undefined
  if (!Number.isSafeInteger(requests) || (requests as number) < 1) return undefined
  if (typeof sha256 !== 'string' || !/^[\da-f]{64}$/.test(sha256)) return undefined
  return { name, requests: requests as number, sha256 }
}

function wrong(problem: string): Problems {
  return { problems: [problem] }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter()
  // What goes wrong is told at the other end.
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  const parts: Uint8Array[] = []
  let length = 0
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > most) {
      await reader.cancel()
      throw new RangeError('too much')
    }
    parts.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0))
}
