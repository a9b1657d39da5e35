import type { Clock } from '../proxy/core/clock.ts'
import type { Endpoint } from '../proxy/core/endpoint.ts'
import { copyReport, type Draft, type Report, SILENT } from '../proxy/core/report.ts'
import type { Sampler } from './distributions.ts'
import { EventQueue } from './event-queue.ts'

/** Who hears news: `Balancer` is one. */
export interface Listener {
  heard(server: Endpoint, report: Report): void
}

export interface NewsOptions {
  /** The simulation's. */
  readonly clock: Clock
  /** Draws how long a message takes, one way, in milliseconds. */
  readonly delay: Sampler
  /** How a server is at this moment; undefined from one that does not answer. `LoadReport` knows. */
  report(server: Endpoint): Report | undefined
}

/** A question on its way to a server, or a report on its way to who listens. */
class Message {
  /** Where it is among all messages. */
  readonly index: number
  listener: Listener
  server: Endpoint
  readonly report: Draft = { ...SILENT }
  question = true

  constructor(index: number, listener: Listener, server: Endpoint) {
    this.index = index
    this.listener = listener
    this.server = server
  }
}

/**
 * What servers say to balancers, with the time that it takes: out to the server, which looks at itself when the question arrives,
 * and back. So a balancer hears how it was, not how it is, as with the probes of the proxy.
 *
 * It sets no timer. Its owner runs it up to the time of each event of his own before he handles that event, so that servers
 * are asked as they are just then. Messages are used again: in the long run nothing is allocated.
 */
export class News {
  private readonly options: NewsOptions
  private readonly queue = new EventQueue()
  private readonly messages: Message[] = []
  private readonly spare: Message[] = []

  constructor(options: NewsOptions) {
    this.options = options
  }

  /** Sends a question: what `Balancer`'s option `ask` is for. */
  ask(listener: Listener, server: Endpoint): void {
    this.send(this.message(listener, server), true)
  }

  /** A server speaks unasked. The report is copied: later changes of it are not news. */
  tell(listener: Listener, server: Endpoint, report: Report): void {
    const message = this.message(listener, server)
    copyReport(report, message.report)
    this.send(message, false)
  }

  /** When the next message arrives somewhere; `Infinity` if none is on its way. */
  get nextAt(): number {
    return this.queue.nextAt
  }

  /** Lets everything arrive that is due by then, at its own time on the clock; messages that arrive together in the order sent. */
  run(until: number): void {
    const { options, queue } = this
    const { clock } = options
    while (queue.length > 0) {
      const at = queue.nextAt // Once: the engine may make an object of it.
      if (at > until) return
      if (at > clock.now) clock.now = at // Never backwards.
      const message = this.messages[queue.take()]
      const { listener, server } = message
      if (message.question) {
        const report = options.report(server)
        if (report !== undefined) {
          copyReport(report, message.report)
          this.send(message, false)
          continue
        }
      } else {
        listener.heard(server, message.report)
      }
      this.spare.push(message)
    }
  }

  private send(message: Message, question: boolean): void {
    const { clock, delay } = this.options
    message.question = question
    this.queue.add(clock.now + delay(), message.index)
  }

  private message(listener: Listener, server: Endpoint): Message {
    const message = this.spare.pop()
    if (message === undefined) return this.another(listener, server)
    message.listener = listener
    message.server = server
    return message
  }

  private another(listener: Listener, server: Endpoint): Message {
    const message = new Message(this.messages.length, listener, server)
    this.messages.push(message)
    return message
  }
}
