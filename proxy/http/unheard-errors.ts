import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** What node:http has on its sockets: its parser, of which nothing is relied on to be there. */
type ParsedSocket = Socket & { parser?: Parser | null }

interface Parser {
  readonly constructor: { readonly kOnExecute?: number }
  /** By `kOnExecute`: is called when a packet was read from the socket and parsed. */
  [at: number]: ((read: unknown) => void) | null
  execute?(packet: Buffer): unknown
  [OFFERED]?: Offered | undefined
}

interface Offered {
  readonly request: IncomingMessage
  readonly tell: () => void
}

const OFFERED = Symbol('offered')
const NOTHING = Buffer.from(' ').subarray(0, 0)

/**
 * Behind a head that offers to change the protocol node:http tells of no error, whether the offer is taken or not (`Execute` in
 * node_http_parser.cc: `!parser_.upgrade && err != HPE_OK`), but of how much of a packet it has read. A parser that has
 * given up reads no more; so it is given an empty packet after each, of which only one that goes on reads 0 bytes.
 * Called in `shouldUpgradeCallback`; `tell` may be called again.
 */
export function hearMalformed(request: IncomingMessage, tell: () => void): void {
  const { parser } = request.socket as ParsedSocket
  if (!parser) return
  parser[OFFERED] = { request, tell }
  const at = parser.constructor.kOnExecute
  const heard = at === undefined ? undefined : parser[at]
  if (at === undefined || typeof heard !== 'function') return
  parser[at] = (read) => {
    probe(parser)
    heard(read) // It may pause the parser, and one that is paused would seem to have given up.
  }
}

/** What came in behind a PROXY header goes to the parser in another way. */
export function hearFirstPacket(socket: Socket): void {
  const { parser } = socket as ParsedSocket
  if (!parser || socket.readableLength === 0) return
  parser.execute = (packet) => {
    delete parser.execute // The parser's own is behind it.
    const read = parser.execute!(packet)
    probe(parser)
    return read
  }
}

/** Parsers are used again, for other connections. */
export function hearNoMore(socket: Socket): void {
  const { parser } = socket as ParsedSocket
  if (!parser) return
  if (parser[OFFERED] !== undefined) parser[OFFERED] = undefined
  if (Object.hasOwn(parser, 'execute')) delete parser.execute
}

function probe(parser: Parser): void {
  const offered = parser[OFFERED]
  if (offered === undefined || offered.request.complete) return
  if (parser.execute?.(NOTHING) !== 0) offered.tell()
}
