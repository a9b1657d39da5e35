import { createRequire } from 'node:module'
import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { Tracing } from './tracing.ts'
import type { WallOrigin } from './wall-origin.ts'

const require = createRequire(import.meta.url)

interface TracingParts {
  readonly clock: Clock
  readonly origin: WallOrigin
  readonly servers: { urlOf(server: Endpoint): string }
}

/**
 * Undefined where it is switched off. OpenTelemetry's API is loaded here and not at the start, since that takes 20 ms. An SDK finds it all the
 * same, however it loads it: all of a process share one registry.
 */
export function openTracing(
  settings: { readonly tracing: boolean },
  { clock, origin, servers }: TracingParts,
): Tracing | undefined {
  if (!settings.tracing) return undefined
  const api = require('@opentelemetry/api') as typeof import('@opentelemetry/api')
  return new Tracing(api, { clock, origin }, (server) => servers.urlOf(server))
}
