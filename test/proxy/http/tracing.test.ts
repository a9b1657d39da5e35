import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { answerOf, ask, GET } from '../../support/asking.ts'
import { headers, request } from '../../support/http2-frames.ts'
import { Http2Front } from '../../support/http2-front.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { idle, tunnel } from '../../support/tunnels.ts'
import { switching } from '../../support/upgrading.ts'

const scene = useScene()
const exporter = new InMemorySpanExporter()
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
)
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
afterAll(() => {
  trace.disable()
  propagation.disable()
})
beforeEach(() => exporter.reset())

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const tracing = true

/** What has ended: attempts in their order, then the request. */
async function spans(count: number): Promise<ReadableSpan[]> {
  while (exporter.getFinishedSpans().length < count) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  return exporter.getFinishedSpans()
}

function parentsIn(text: string): string[] {
  return [...text.matchAll(/traceparent: (\S+)/gi)].map(([, value]) => value)
}

describe('proxy-behaviour 6: tracing by the conventions for HTTP', () => {
  test('a request is a SERVER span below what the client told, its attempt a CLIENT span, and the server sees that', async () => {
    const { proxy, backend } = await scene.pair({ tracing })
    await ask(
      proxy,
      `GET /a/b?c=d&sig=secret HTTP/1.1\r\nHost: shop.example:81\r\nUser-Agent: me\r\nTraceparent: ${PARENT}\r\nTracestate: x=1\r\n\r\n`,
    )
    const [attempt, request] = await spans(2)
    expect([request.kind, request.name]).toEqual([SpanKind.SERVER, 'GET'])
    expect(request.attributes).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': '/a/b',
      'url.query': 'c=d&sig=REDACTED',
      'server.address': 'shop.example',
      'server.port': 81,
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'me',
      'http.response.status_code': 200,
    })
    expect(request.status.code).toBe(SpanStatusCode.UNSET)
    const { traceId } = request.spanContext()
    expect(request.parentSpanContext?.spanId).toBe(PARENT.slice(36, 52))
    expect(traceId).toBe(PARENT.slice(3, 35))
    expect([attempt.kind, attempt.name]).toEqual([SpanKind.CLIENT, 'GET'])
    expect(attempt.attributes).toEqual({
      'http.request.method': 'GET',
      'url.full': `${backend.url}/a/b?c=d&sig=REDACTED`,
      'server.address': '127.0.0.1',
      'server.port': backend.port,
      'evenkeel.server': 'b1',
      'http.response.status_code': 200,
    })
    expect(attempt.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    expect(parentsIn(backend.text)).toEqual([`00-${traceId}-${attempt.spanContext().spanId}-01`])
    expect(backend.text).toMatch(/tracestate: x=1\r\n/i)
    expect(backend.text.match(/tracestate/gi)).toHaveLength(1)
  })

  test('a retry is a second CLIENT span, which says so', async () => {
    const backend = await scene.backend()
    const proxy = await scene.proxy({ tracing, servers: [await scene.deadUrl(), backend.url] })
    await ask(proxy)
    const [first, second, request] = await spans(3)
    expect(first.attributes).toMatchObject({ 'evenkeel.server': 'b1', 'error.type': 'refused' })
    expect(first.status.code).toBe(SpanStatusCode.ERROR)
    expect(second.attributes).toMatchObject({
      'evenkeel.server': 'b2',
      'http.request.resend_count': 1,
      'http.response.status_code': 200,
    })
    expect(request.attributes).not.toHaveProperty('error.type')
    expect(parentsIn(backend.text)[0]).toContain(second.spanContext().spanId)
  })

  test('a hedge is a CLIENT span beside the first, and the loser is aborted', async () => {
    const slow = await scene.backend(() => {})
    const fast = await scene.backend()
    const servers = [slow.url, fast.url]
    const proxy = await scene.proxy({ tracing, servers, hedging: { delay: 100 } })
    const asked = ask(proxy)
    await slow.until(() => slow.text !== '')
    proxy.advance(200)
    await asked
    const [first, second] = await spans(3)
    expect(first.attributes).toMatchObject({ 'error.type': 'aborted' })
    expect(second.attributes).toMatchObject({ 'evenkeel.hedge': true, 'evenkeel.server': 'b2' })
  })

  test.each([
    [500, '500', '500'],
    [404, '404', undefined],
    [304, undefined, undefined],
  ])('%i is an error of the attempt: %s; of the request: %s', async (status, attempt, request) => {
    const { proxy } = await scene.pair({ tracing }, ({ socket }) =>
      socket.end(answerOf(status).replace('Content-Length: 2\r\n\r\nok', '\r\n')),
    )
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    const [client1, server1] = await spans(2)
    expect(client1.attributes['error.type']).toBe(attempt)
    expect(server1.attributes['error.type']).toBe(request)
    expect(server1.status.code).toBe(request === undefined ? 0 : SpanStatusCode.ERROR)
    client.leave()
  })

  test('errors of the proxy are told by their fixed word', async () => {
    const url = await scene.deadUrl()
    const proxy = await scene.proxy({ tracing, servers: [url], retries: { attempts: 0 } })
    await ask(proxy)
    const [attempt, request] = await spans(2)
    expect(attempt.attributes['error.type']).toBe('refused')
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 502,
      'error.type': 'upstream_unreachable',
    })
  })

  test('names and error types are bounded, whatever clients send', async () => {
    const { proxy } = await scene.pair({ tracing })
    await ask(proxy, 'PROPFIND /x HTTP/1.1\r\nHost: a\r\n\r\n')
    await ask(proxy, 'GET /bad HTTP/1.1\r\nHost: a b\r\n\r\n')
    const all = await spans(3)
    expect(all.map(({ name }) => name)).toEqual(['HTTP', 'HTTP', 'GET'])
    expect(all[0].attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
    })
    expect(all[2].attributes).toMatchObject({ 'http.response.status_code': 400 })
    expect(all[2].attributes).not.toHaveProperty('error.type')
  })

  test('a client that leaves ends both spans', async () => {
    const { proxy, backend } = await scene.pair({ tracing }, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await backend.until(() => backend.text !== '')
    client.leave()
    const [attempt, request] = await spans(2)
    expect(attempt.attributes['error.type']).toBe('aborted')
    expect(request.attributes['error.type']).toBe('client_left')
  })

  test('a tunnel is as long as it is; opening it is its attempt', async () => {
    const { proxy, backend } = await scene.pair({ tracing }, switching())
    const { client } = await tunnel(proxy, backend)
    proxy.advance(5000)
    client.leave()
    await idle(proxy)
    const [attempt, request] = await spans(2)
    expect([attempt.duration[0], request.duration[0]]).toEqual([0, 5])
    expect(request.attributes['http.response.status_code']).toBe(101)
    expect(parentsIn(backend.text)[0]).toContain(attempt.spanContext().spanId)
  })

  test('a server behind a Unix socket is told by its path, and a client of TLS by its scheme', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-tracing-'))
    scene.atEnd(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'app.sock')
    const backend = await RecordingBackend.start(answering(OK), path)
    scene.atEnd(() => backend.stop())
    const front = await Http2Front.start({ tracing, servers: [`unix:${path}`] })
    scene.atEnd(() => front.end())
    const client = await front.client()
    client.send(headers(1, request('/b')))
    const [attempt, served] = await spans(2)
    expect(attempt.attributes).toMatchObject({
      'url.full': 'http://localhost/b',
      'server.address': path,
    })
    expect(attempt.attributes).not.toHaveProperty('server.port')
    expect(served.attributes).toMatchObject({ 'url.scheme': 'https', 'url.path': '/b' })
  })

  test('where nobody takes spans, traceparent goes on as it came', async () => {
    propagation.disable()
    scene.atEnd(() => void propagation.setGlobalPropagator(new W3CTraceContextPropagator()))
    const { proxy, backend } = await scene.pair({ tracing })
    await ask(proxy, `GET / HTTP/1.1\r\nHost: a\r\nTraceparent: ${PARENT}\r\n\r\n`)
    expect(parentsIn(backend.text)).toEqual([PARENT])
  })

  test('nobody traces unless it is switched on', async () => {
    const { proxy, backend } = await scene.pair({})
    await ask(proxy, GET.replace('\r\n\r\n', `\r\ntraceparent: ${PARENT}\r\n\r\n`))
    expect(parentsIn(backend.text)).toEqual([PARENT])
    expect(exporter.getFinishedSpans()).toEqual([])
  })
})
