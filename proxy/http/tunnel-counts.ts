import type { Endpoint } from '../core/endpoint.ts'

type Counted = Pick<Endpoint, 'id' | 'removed' | 'slot'>

/** What is known of the tunnels to one server. */
export interface TunnelFigures {
  /** There now. */
  open: number
  /** Since the beginning, those that are over included. */
  opened: number
  /** From clients, and from the server, as they pass. */
  bytesIn: number
  bytesOut: number
}

/**
 * Counts the tunnels of one proxy, by their server: one that has left may still have some when another of its id has come. Or those of
 * all threads, by id.
 */
export class TunnelCounts {
  private readonly own = new Map<Counted, TunnelFigures>()
  private readonly told = new Map<string, TunnelFigures>()

  /** One more. Give it back with `close`; the bytes are its owner's to count. */
  open(server: Counted): TunnelFigures {
    let figures = this.own.get(server)
    if (figures === undefined) {
      this.forgetGone()
      this.own.set(server, (figures = { ...NONE }))
    }
    figures.open++
    figures.opened++
    return figures
  }

  /** Once for each `open`. */
  close(server: Counted): void {
    const figures = this.own.get(server)
    if (figures === undefined) return
    figures.open--
    if (server.removed && figures.open === 0) this.own.delete(server) // Nobody asks for it any more.
  }

  of(server: Counted): Readonly<TunnelFigures> {
    return this.own.get(server) ?? this.told.get(server.id) ?? NONE
  }

  /** By id: of two servers those of the one that is there. */
  snapshot(): Record<string, TunnelFigures> {
    const all = new Map(this.told)
    const leftFirst = [...this.own].sort(([a], [b]) => Number(b.removed) - Number(a.removed))
    for (const [{ id }, figures] of leftFirst) all.set(id, figures)
    return Object.fromEntries([...all].map(([id, figures]) => [id, { ...figures }]))
  }

  /** Forgets everything, and counts what these have counted together. */
  become(parts: readonly Readonly<Record<string, TunnelFigures>>[]): void {
    this.own.clear()
    this.told.clear()
    for (const [id, part] of parts.flatMap((each) => Object.entries(each))) {
      const sum = this.told.get(id) ?? { ...NONE }
      sum.open += part.open
      sum.opened += part.opened
      sum.bytesIn += part.bytesIn
      sum.bytesOut += part.bytesOut
      this.told.set(id, sum)
    }
  }

  /** Servers that have left when they had no tunnels. */
  private forgetGone(): void {
    for (const server of this.own.keys()) if (server.slot < 0) this.own.delete(server)
  }
}

const NONE: TunnelFigures = { open: 0, opened: 0, bytesIn: 0, bytesOut: 0 }

/** What a thread had counted that has died: its tunnels went with it. */
export function withoutOpen(
  counts: Readonly<Record<string, TunnelFigures>>,
): Record<string, TunnelFigures> {
  const entries = Object.entries(counts).map(([id, figures]) => [id, { ...figures, open: 0 }])
  return Object.fromEntries(entries) as Record<string, TunnelFigures>
}
