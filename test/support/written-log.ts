import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'
import type { Attempt, Request } from '../../simulator/request.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import type { Station } from '../../simulator/station.ts'

interface Written {
  readonly server: string
  readonly start: number
  outcome: Outcome
  end: number
}

/** When the first request came. */
const ORIGIN = Date.UTC(2026, 2, 9, 12)

/** What the proxy would have logged, had it and its servers been as a scenario says: a world whose truth is known, line by line in order of when requests ended. */
export function writtenLog(scenario: Scenario): string {
  return new Writer(scenario).write()
}

class Writer extends RunRecorder {
  readonly lines: string[] = []
  private readonly simulation: Watched

  constructor(scenario: Scenario) {
    super()
    this.simulation = new Watched(scenario, this)
  }

  write(): string {
    this.simulation.run()
    return `${this.lines.join('\n')}\n`
  }

  override attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    super.attempt(server, latency, outcome)
    const { now } = this.simulation.clock
    const tries = this.simulation.open.get(server.id) ?? []
    const place = tries.findIndex(({ start }) => Math.abs(start + latency - now) < 1e-6)
    const [found] = tries.splice(place, 1)
    found.end = now
    found.outcome = outcome
  }
}

class Watched extends Simulation {
  readonly open = new Map<string, Written[]>()
  private tries: Map<Request, Written[]> | undefined
  private readonly writer: Writer

  constructor(scenario: Scenario, writer: Writer) {
    super(scenario, writer)
    this.writer = writer
  }

  override attempt(request: Request, endpoint: Endpoint, station: Station): Attempt {
    const made: Written = { server: endpoint.id, start: this.clock.now, outcome: 'ok', end: -1 }
    this.open.set(endpoint.id, [...(this.open.get(endpoint.id) ?? []), made])
    this.tries ??= new Map()
    this.tries.set(request, [...(this.tries.get(request) ?? []), made])
    return super.attempt(request, endpoint, station)
  }

  override ended(request: Request, outcome: Outcome): void {
    const { arrivedAt, key } = request
    const tries = this.tries?.get(request) ?? []
    this.tries?.delete(request)
    const status = { ok: 200, error: 500, timeout: 504, refused: 503, aborted: 0 }[outcome]
    const ms = (value: number): number => Number(value.toFixed(3))
    const { lines } = this.writer
    lines.push(
      JSON.stringify({
        time: new Date(ORIGIN + Math.floor(arrivedAt)).toISOString(),
        id: `r-${lines.length}`,
        client: '10.0.0.1',
        method: 'GET',
        target: '/',
        status,
        outcome,
        end: outcome,
        bytes_out: 100,
        key,
        server: tries.at(-1)?.server ?? null,
        total: ms(this.clock.now - arrivedAt),
        attempts: tries.map((each) => ({
          server: each.server,
          outcome: each.outcome,
          start: ms(each.start - arrivedAt),
          connect: each.outcome === 'refused' ? -1 : 0,
          first_byte: each.outcome === 'ok' ? ms(each.end - each.start) : -1,
          total: ms(each.end - each.start),
        })),
      }),
    )
    super.ended(request, outcome)
  }
}
