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

/** Counts the tunnels of one proxy, by the id of their server. */
export class TunnelCounts {
  private readonly all = new Map<string, TunnelFigures>()

  /** One more. Give it back with `close`; the bytes are its owner's to count. */
  open({ id }: { id: string }): TunnelFigures {
    const figures = this.make(id)
    figures.open++
    figures.opened++
    return figures
  }

  /** Once for each `open`. */
  close({ id, removed }: { id: string; removed: boolean }): void {
    const figures = this.make(id)
    figures.open--
    if (removed && figures.open === 0) this.all.delete(id) // Nobody asks for it any more.
  }

  of(id: string): Readonly<TunnelFigures> {
    return this.all.get(id) ?? NONE
  }

  snapshot(): Record<string, TunnelFigures> {
    return Object.fromEntries([...this.all].map(([id, figures]) => [id, { ...figures }]))
  }

  /** Forgets everything, and counts what these have counted together. */
  become(parts: readonly Readonly<Record<string, TunnelFigures>>[]): void {
    this.all.clear()
    for (const [id, part] of parts.flatMap((each) => Object.entries(each))) {
      const sum = this.make(id)
      sum.open += part.open
      sum.opened += part.opened
      sum.bytesIn += part.bytesIn
      sum.bytesOut += part.bytesOut
    }
  }

  private make(id: string): TunnelFigures {
    let figures = this.all.get(id)
    if (figures === undefined) this.all.set(id, (figures = { ...NONE }))
    return figures
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
