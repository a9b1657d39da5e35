import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import type { Strategy } from '../../../proxy/core/strategy.ts'

/** Always wants the first server, and writes down what it is told. */
export class Recording implements Strategy {
  readonly name = 'recording'
  readonly updates: string[][] = []
  readonly picks: [number, number][] = []
  readonly settlements: [string, number, Outcome][] = []
  private servers: readonly Endpoint[] = []

  update(servers: readonly Endpoint[]): void {
    this.updates.push(servers.map((server) => server.id))
    this.servers = servers
  }

  pick(key: number, attempt: number): Endpoint {
    this.picks.push([key, attempt])
    return this.servers[0]
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.settlements.push([server.id, latency, outcome])
  }
}
