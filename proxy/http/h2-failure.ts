import { constants } from 'node:http2'

const { NGHTTP2_COMPRESSION_ERROR, NGHTTP2_FLOW_CONTROL_ERROR, NGHTTP2_FRAME_SIZE_ERROR } =
  constants
const { NGHTTP2_PROTOCOL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_STREAM_CLOSED } = constants

/**
 * How a stream came to nothing. `retired`: the server is closing the connection and has not looked at this one; `refused`: it has not
 * looked at it (RFC 9113, section 8.7); `nonsense`: what came is no HTTP/2; `unwritable`: it cannot be said in HTTP/2; `broken`: all else.
 */
export type StreamFault = 'retired' | 'refused' | 'nonsense' | 'unwritable' | 'broken'

export class StreamFailure extends Error {
  override name = 'StreamFailure'
  readonly fault: StreamFault

  constructor(fault: StreamFault) {
    super(fault)
    this.fault = fault
  }
}

const NONSENSE: ReadonlySet<number> = new Set([
  NGHTTP2_PROTOCOL_ERROR,
  NGHTTP2_FLOW_CONTROL_ERROR,
  NGHTTP2_FRAME_SIZE_ERROR,
  NGHTTP2_COMPRESSION_ERROR,
  NGHTTP2_STREAM_CLOSED,
])

/** By the code that a stream ended with, where the server had its say. */
export function faultOf(code: number): StreamFault {
  if (code === NGHTTP2_REFUSED_STREAM) return 'refused'
  return NONSENSE.has(code) ? 'nonsense' : 'broken'
}
