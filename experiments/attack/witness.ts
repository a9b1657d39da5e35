import { Agent, request } from 'node:http'

/** Milliseconds between two of its requests. */
const PACE = 20
/** Milliseconds after which a request has failed. */
const PATIENCE = 5000

export interface Seen {
  readonly sent: number
  readonly failed: number
  /** Milliseconds. */
  readonly p99: number
  readonly longest: number
}

/** Somebody else, who wants to be served meanwhile: fifty requests a second, some on kept connections, some on new ones. */
export class Witness {
  private readonly port: number
  private readonly agent = new Agent({ keepAlive: true })
  private readonly took: number[] = []
  private readonly timer: NodeJS.Timeout
  private failed = 0
  private sent = 0
  private open = 0

  constructor(port: number) {
    this.port = port
    this.timer = setInterval(() => this.ask(), PACE)
  }

  async end(): Promise<Seen> {
    clearInterval(this.timer)
    while (this.open > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    this.agent.destroy()
    const sorted = this.took.toSorted((a, b) => a - b)
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Infinity
    return { sent: this.sent, failed: this.failed, p99, longest: sorted.at(-1) ?? Infinity }
  }

  private ask(): void {
    const began = performance.now()
    const agent = this.sent++ % 2 === 0 ? this.agent : false
    this.open++
    let done = false
    const end = (well: boolean): void => {
      if (done) return
      done = true
      this.open--
      if (well) this.took.push(performance.now() - began)
      else this.failed++
    }
    const asked = request({ port: this.port, host: '127.0.0.1', agent, timeout: PATIENCE })
    asked.on('response', (response) => {
      response
        .resume()
        .on('end', () => end(response.statusCode === 200))
        .on('error', () => end(false))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => end(false)).end()
  }
}
