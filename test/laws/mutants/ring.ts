import { fmix32, hash32 } from '../../../proxy/core/hash.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken } from './mutant.ts'

interface Point {
  readonly at: number
  readonly server: Endpoint
}

/** A ring of hashes, for the two that get its points wrong. */
export abstract class Ring extends Broken {
  private points: Point[] = []

  override update(servers: readonly Endpoint[]): void {
    const total = servers.reduce((sum, { weight }) => sum + weight, 0)
    const points = servers.flatMap((server) =>
      Array.from({ length: this.pointsOf(server, total) }, (_, i) => ({
        at: this.place(fmix32(hash32(server.id) + i)),
        server,
      })),
    )
    this.points = this.sift(points).sort((a, b) => a.at - b.at)
  }

  pick(key: number): Endpoint {
    const { points } = this
    const at = this.place(fmix32(key))
    return (points.find((point) => point.at >= at) ?? points[0]).server
  }

  protected abstract pointsOf(server: Endpoint, total: number): number

  protected place(hash: number): number {
    return hash
  }

  protected sift(points: Point[]): Point[] {
    return points
  }
}
