import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { REPORT_FIELD, writeReport } from '../../proxy/core/report.ts'
import type { Station } from '../../simulator/station.ts'
import type { Stations } from './stations.ts'
import type { Visit } from './visit.ts'

/** Longer than proxies keep idle connections, so that it is they who close them and no request meets a closing one. */
const KEEP_ALIVE = 65_000

/** How long a request that only opens connections is held, so that others need connections of their own. */
const HOLD = 20

/** In a request: its work, in milliseconds at speed 1; and the number of its key, for caches. */
export const WORK_FIELD = 'x-work'
export const KEY_FIELD = 'x-key-number'
/** In an answer: when the request had come to the server, and when the server was done with it, in milliseconds of the run. */
export const TIMES_FIELD = 'x-times'

/** A socket in front of one station. */
export class Door {
  readonly id: string
  private readonly world: Stations
  private readonly stationNow: () => Station | undefined
  private readonly server: Server
  private readonly body: Buffer
  private readonly asked: ServerResponse[] = []
  private port = 0
  private closing = false

  /** `stationNow`: undefined until the scenario adds it. */
  constructor(id: string, world: Stations, stationNow: () => Station | undefined) {
    this.id = id
    this.world = world
    this.stationNow = stationNow
    this.body = Buffer.from(JSON.stringify({ server: id }))
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE, requestTimeout: 0 }, this.handle)
  }

  /** Gives its URL. */
  async listen(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.server.once('error', reject)
    this.server.listen(this.port, '127.0.0.1', resolve)
    await promise
    this.server.off('error', reject)
    this.port = (this.server.address() as AddressInfo).port
    return `http://127.0.0.1:${this.port}`
  }

  /** Refuses connections while its station does, and answers those who asked for its health once that moves. */
  follow({ reachable, speedNow }: Station): void {
    if (!reachable && !this.closing) {
      this.closing = true
      this.server.close() // Idle connections, too; busy ones after their answers.
    } else if (reachable && this.closing) {
      this.closing = false
      this.server.listen(this.port, '127.0.0.1')
    }
    if (speedNow > 0) for (const response of this.asked.splice(0)) this.well(response)
  }

  answer(visit: Visit): void {
    const { arrived, began, response, status } = visit
    if (response.destroyed) return
    if (status === 0) {
      response.destroy() // It ended in the middle of its work, or was never let in.
      return
    }
    if (this.closing) response.shouldKeepAlive = false
    const { now } = this.world.clock
    const waited = Math.max(0, began - arrived) // One that was turned away has never begun.
    response.writeHead(status, [
      'content-type',
      'application/json',
      'content-length',
      String(this.body.length),
      'x-served-by',
      this.id,
      'server-timing',
      `queue;dur=${waited.toFixed(3)}, work;dur=${(now - arrived - waited).toFixed(3)}`,
      TIMES_FIELD,
      `${arrived} ${now}`,
      REPORT_FIELD,
      this.report(),
    ])
    response.end(this.body)
  }

  /** Ends all connections. */
  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume()
    const { headers, url } = request
    if (url === '/warm') {
      setTimeout(() => this.well(response), HOLD)
      return
    }
    const { world } = this
    const station = this.stationNow()
    if (url === '/health' || url === '/probe' || station === undefined) {
      world.catchUp()
      if (station === undefined || station.speedNow > 0) this.well(response)
      else this.asked.push(response)
      return
    }
    const work = Number(headers[WORK_FIELD] ?? 0)
    const keyNumber = Number(headers[KEY_FIELD] ?? -1)
    const visit = world.arrive(station, response, work, keyNumber)
    if (visit.place !== 'outside') response.on('close', () => world.leave(visit))
  }

  private well(response: ServerResponse): void {
    response.writeHead(200, [
      'content-length',
      String(this.body.length),
      'x-served-by',
      this.id,
      REPORT_FIELD,
      this.report(),
    ])
    response.end(this.body)
  }

  private report(): string {
    const station = this.stationNow()
    return station === undefined ? '' : writeReport(station.load!.read(this.world.clock.now))
  }
}
