import { describe, expect, test } from 'vitest'
import { CHUNKED, says, saysNothing } from '../../support/misbehaving-origin.ts'
import { RawClient } from '../../support/raw-client.ts'
import { type Behaviour, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { understanding } from '../../support/wire.ts'

/** Faults to survive: a client that leaves at some stage of its upload or download, in either way to leave. */
const scene = useScene()
const HEAD = 'POST /post HTTP/1.1\r\nHost: a\r\n'

/** What the client sends, what the backend says to it, and what each has seen when the client leaves. */
interface Stage {
  readonly sends: string
  readonly backend: Behaviour
  /** Of the backend's bytes; undefined: it must not see any. */
  readonly seen: RegExp | undefined
  /** Of the client's. */
  readonly got?: string
}

const STAGES: Record<string, Stage> = {
  'in the request line': { sends: 'POST /po', backend: saysNothing, seen: undefined },
  'in its fields': { sends: `${HEAD}X: `, backend: saysNothing, seen: undefined },
  'before the first byte of a body with a length': {
    sends: `${HEAD}Content-Length: 5\r\n\r\n`,
    backend: saysNothing,
    seen: undefined,
  },
  'in a body with a length': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhe`,
    backend: saysNothing,
    seen: /he$/,
  },
  'in the size of a chunk': {
    sends: `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3`,
    backend: saysNothing,
    seen: /he$/,
  },
  'in a chunk': {
    sends: `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhe`,
    backend: saysNothing,
    seen: /he/,
  },
  'before the last chunk': {
    sends: `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n`,
    backend: saysNothing,
    seen: /he$/,
  },
  'in its trailers': {
    sends: `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\nX: `,
    backend: saysNothing,
    seen: /he$/,
  },
  'when all is sent': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhello`,
    backend: saysNothing,
    seen: /hello$/,
  },
  'after an interim answer': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhello`,
    backend: says('HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'),
    seen: /hello$/,
    got: '103',
  },
  'after the head of the answer': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhello`,
    backend: says('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
    seen: /hello$/,
    got: '\r\n\r\n',
  },
  'in the body of the answer': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhello`,
    backend: says('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234'),
    seen: /hello$/,
    got: '1234',
  },
  'between two chunks of the answer': {
    sends: `${HEAD}Content-Length: 5\r\n\r\nhello`,
    backend: says(`${CHUNKED}4\r\n1234\r\n`),
    seen: /hello$/,
    got: '1234',
  },
}

const WAYS: Record<string, (client: RawClient) => void> = {
  'closes its half': (client) => void client.socket.end(),
  closes: (client) => client.leave(),
  resets: (client) => void client.socket.resetAndDestroy(),
}

describe.each(Object.entries(WAYS))(
  'faults to survive: a client that leaves (%s)',
  (_way, leave) => {
    test.each(Object.entries(STAGES))(
      '%s',
      async (_name, { backend: behaviour, got, seen, sends }) => {
        const { backend, proxy } = await scene.pair({}, behaviour)
        const client = await RawClient.connect(proxy.port)
        client.send(sends)
        if (seen !== undefined) await backend.until(() => seen.test(backend.text))
        if (got !== undefined) await client.receive(got)
        leave(client)
        // The backend is let go of: its connection ends where it had begun to hear of the request.
        if (seen !== undefined) await backend.until(() => backend.connections[0].socket.destroyed)
        while (proxy.inflight > 0) await new Promise((resolve) => setImmediate(resolve))
        expect(backend.text.match(/POST \/post/g) ?? []).toHaveLength(seen === undefined ? 0 : 1)
        if (!sends.endsWith('hello')) expect(backend.text).not.toMatch(/0\r\n\r\n$|hello/)
        const { servers } = proxy.proxy.series.total()
        expect(servers[0].attempts.outcomes).toMatchObject({ error: 0, refused: 0, timeout: 0 })
        backend.behaviour = understanding(OK)
        const next = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
        expect(await RawClient.exchange(proxy.port, next)).toMatch(/^HTTP\/1\.1 200 /)
      },
    )
  },
)
