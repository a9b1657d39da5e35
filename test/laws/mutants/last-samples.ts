import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Traefik’s least time: a mean over the last 100 samples, which only new samples can mend (traefik/traefik issue 12306). */
class LastSamples extends Broken {
  private readonly samples = new Map<Endpoint, number[]>()

  pick(): Endpoint {
    let [best] = this.servers
    for (const server of this.servers) if (this.score(server) < this.score(best)) best = server
    return best
  }

  override settled(server: Endpoint, latency: number): void {
    const samples = this.samples.get(server) ?? []
    samples.push(latency)
    if (samples.length > 100) samples.shift()
    this.samples.set(server, samples)
  }

  private score(server: Endpoint): number {
    const samples = this.samples.get(server) ?? []
    if (samples.length === 0) return 0
    const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
    return (mean * (1 + server.inflight)) / server.weight
  }
}

export const lastSamples = mutant(
  { name: 'means that never fade', caughtBy: 'recovery' },
  LastSamples,
)
