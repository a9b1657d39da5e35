import type { Context, Span, Tracer } from '@opentelemetry/api'
import { VERSION } from '../admin/version.ts'
import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Attempt } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import { fieldOf, removeNamed } from './fields.ts'
import { attemptAttributes, conclude, requestAttributes, spanName } from './trace-attributes.ts'
import type { WallOrigin } from './wall-origin.ts'

/** How the context is read from a request's fields, and written into them; names come in lower case. */
const FIELDS = {
  keys: (fields: readonly string[]): string[] => fields.filter((_, i) => i % 2 === 0),
  get: (fields: readonly string[], name: string): string | undefined => fieldOf(fields, name, true),
  set: (fields: string[], name: string, value: string): void => void fields.push(name, value),
}

/**
 * Spans for OpenTelemetry, by its API alone: whoever runs the proxy loads an SDK that takes them (docs/operators.md). Without one nothing comes
 * of it, and `traceparent` goes through as it came.
 *
 * A span of kind SERVER a request, and in it one of kind CLIENT an attempt, by the stable conventions (opentelemetry.io, "Semantic conventions
 * for HTTP spans"). Their names are methods, so there are ten: what else clients put into a request is in attributes.
 */
export class Tracing {
  readonly api: typeof import('@opentelemetry/api')
  readonly tracer: Tracer
  readonly urlOf: (server: Endpoint) => string
  private readonly clock: Clock
  private readonly origin: WallOrigin

  constructor(
    api: typeof import('@opentelemetry/api'),
    { clock, origin }: { readonly clock: Clock; readonly origin: WallOrigin },
    urlOf: (server: Endpoint) => string,
  ) {
    this.api = api
    this.tracer = api.trace.getTracer('evenkeel', VERSION)
    this.urlOf = urlOf
    this.clock = clock
    this.origin = origin
  }

  begin(exchange: Exchange): RequestTrace {
    return new RequestTrace(this, exchange, this.origin.value)
  }

  get now(): number {
    return this.clock.now
  }
}

/** The spans of one request. */
export class RequestTrace {
  private readonly tracing: Tracing
  private readonly exchange: Exchange
  /** Of its beginning: a request is as long as it was, even if the wall clock is set on the way. */
  private readonly origin: number
  private readonly name: string
  private readonly span: Span
  private readonly context: Context
  /** Of the attempts, in their order. */
  private readonly spans: Span[] = []

  constructor(tracing: Tracing, exchange: Exchange, origin: number) {
    const { arrivedAt, head, request } = exchange
    const { propagation, ROOT_CONTEXT, SpanKind, trace } = tracing.api
    this.tracing = tracing
    this.exchange = exchange
    this.origin = origin
    this.name = spanName(request.method)
    const parent = propagation.extract(ROOT_CONTEXT, request.fields, FIELDS)
    const options = {
      kind: SpanKind.SERVER,
      startTime: origin + arrivedAt,
      attributes: requestAttributes(request, head),
    }
    this.span = tracing.tracer.startSpan(this.name, options, parent)
    this.context = trace.setSpan(parent, this.span)
  }

  /** One more attempt: the fields that go to its server, which sees the attempt as its parent. */
  attempt({ hedge, server, startedAt }: Attempt, given: readonly string[]): readonly string[] {
    const { context, exchange, name, origin, spans, tracing } = this
    const { head, method } = exchange
    const { propagation, SpanKind, trace } = tracing.api
    const url = tracing.urlOf(server)
    const options = {
      kind: SpanKind.CLIENT,
      startTime: origin + startedAt,
      attributes: {
        ...attemptAttributes(method, url, head!.path),
        'evenkeel.server': server.id,
        ...(hedge && { 'evenkeel.hedge': true }),
        ...(spans.length > 0 && { 'http.request.resend_count': spans.length }),
      },
    }
    const span = tracing.tracer.startSpan(name, options, context)
    spans.push(span)
    const own: string[] = []
    propagation.inject(trace.setSpan(context, span), own, FIELDS)
    if (own.length === 0) return given
    const fields = [...given]
    removeNamed(fields, propagation.fields())
    fields.push(...own)
    return fields
  }

  /** All of it has ended, the attempts at their own times. */
  end(outcome: Outcome): void {
    const { exchange, origin, span, spans, tracing } = this
    for (const [i, attempt] of exchange.tries.attempts.entries()) {
      conclude(spans[i], attempt.status, 400, attempt.outcome ?? outcome)
      spans[i].end(origin + attempt.endedAt)
    }
    conclude(span, exchange.answer.status, 500, outcome, exchange.word)
    span.end(origin + tracing.now)
  }
}
