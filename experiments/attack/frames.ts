/** What the attacks over HTTP/2 send: RFC 9113, section 6, and fields by their place in the static table (RFC 7541, appendix A). */
const EMPTY: Buffer = Buffer.alloc(0)

export const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
  frame(4, 0, 0),
])
/** Nothing may be sent to it unless it says so: SETTINGS_INITIAL_WINDOW_SIZE is 0. */
export const PREFACE_WITHOUT_WINDOW = Buffer.concat([
  PREFACE.subarray(0, 24),
  frame(4, 0, 0, Buffer.of(0, 4, 0, 0, 0, 0)),
])
export const PING = frame(6, 0, 0, Buffer.alloc(8))
export const SETTINGS = frame(4, 0, 0)

function frame(type: number, flags: number, stream: number, payload = EMPTY): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** GET, https, and `a`, which asks for that path. */
function fields(path: string): Buffer {
  const text = Buffer.from(path, 'latin1')
  return Buffer.concat([Buffer.of(0x82, 0x87, 0x41, 1, 0x61, 0x44, text.length), text])
}

export function get(stream: number, path = '/'): Buffer {
  return frame(1, 5, stream, fields(path))
}

/** A head that more is to follow. */
export function openHead(stream: number): Buffer {
  return frame(1, 1, stream, fields('/'))
}

export function continuation(stream: number, size: number): Buffer {
  // A field of its own each: a name of one letter, and the rest its value.
  const value = Buffer.alloc(size, 'a')
  const length = Buffer.of(0x7f, ((size - 127) % 128) + 128, Math.floor((size - 127) / 128))
  return frame(9, 0, stream, Buffer.concat([Buffer.of(0, 1, 0x62), length, value]))
}

export function reset(stream: number): Buffer {
  return frame(3, 0, stream, Buffer.of(0, 0, 0, 8))
}
