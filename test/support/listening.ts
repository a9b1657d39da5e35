import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Report } from '../../proxy/core/report.ts'
import type { Strategy, StrategyContext } from '../../proxy/core/strategy.ts'
import { type StrategyEntry, STRATEGIES } from '../../proxy/strategies/index.ts'

/** Takes servers in turn, and writes down what it hears. */
export class Listening implements Strategy {
  readonly name: string
  readonly reports: { server: string; report: Report }[] = []
  private readonly context: StrategyContext
  private readonly asks: number
  private servers: readonly Endpoint[] = []
  private next = 0
  private waiting: { done: () => boolean; resolve: () => void }[] = []

  /** `asks`: how often a pick asks every server. */
  constructor(context: StrategyContext, name: string, asks: number) {
    this.context = context
    this.name = name
    this.asks = asks
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { servers } = this
    for (let i = 0; i < this.asks; i++) this.ask()
    return servers[this.next++ % servers.length]
  }

  settled(): void {}

  /** Every server, now. */
  ask(): void {
    for (const server of this.servers) this.context.ask(server)
  }

  heard(server: Endpoint, report: Report): void {
    this.reports.push({ server: server.id, report: { ...report } })
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }

  /** What that server said, oldest first. */
  of(server: string): Report[] {
    return this.reports.filter((each) => each.server === server).map(({ report }) => report)
  }

  /** Resolves as soon as the condition holds; looked at whenever something was heard. */
  async until(done: () => boolean): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve) => this.waiting.push({ done, resolve }))
  }
}

function entry(name: string, asks: number): StrategyEntry {
  return {
    name,
    aliases: [],
    summary: 'for tests',
    promise: 'adaptive',
    claims: [],
    options: {},
    create: (context) => new Listening(context, name, asks),
  }
}

/**
 * Makes the strategies `listening`, which only listens, `asking`, which asks every server at every pick, and `insisting`,
 * which asks five times, known to the registry of this test file.
 */
export function registerListening(): void {
  const registry = STRATEGIES as StrategyEntry[]
  registry.push(entry('listening', 0), entry('asking', 1), entry('insisting', 5))
}
