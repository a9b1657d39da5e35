import { parentPort, workerData } from 'node:worker_threads'
import { Vitals } from '../admin/vitals.ts'
import { Memory } from '../core/memory.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Proxy } from '../proxy.ts'
import { giveWay } from '../core/guarded.ts'
import { agreedStrategy } from './agreed-strategy.ts'
import { answerBell } from './bell.ts'
import { LinesToCoordinator } from './lines-to-coordinator.ts'
import type { FromWorker, HealthNews, PlainError, ToWorker, WorkerData } from './messages.ts'
import { Readiness } from './readiness.ts'
import { recalled } from './recent-of-all.ts'
import { SLOTS } from './shared-memory.ts'
import type { Team } from './team.ts'
import { Whole } from './whole.ts'

/** A server that fails again and again is reported this often at most, in milliseconds. */
const SUSPECT_AGAIN = 100

/** One thread of the proxy: a `Proxy` with a listener and pools of its own, over the memory of all. */
const data = workerData as WorkerData
const port = parentPort!
const post = (message: FromWorker): void => port.postMessage(message)

const vitals = new Vitals()
const suspectedAt = new Map<string, number>()
let whole: Whole | undefined
let second: Snapshot | undefined

const team: Team = {
  memory: new Memory(SLOTS, data),
  room: data.office.room,
  startedAt: data.startedAt,
  certificates: data.certificates,
  ticketKeys: data.ticketKeys,
  placeOf: (id) => data.standing.find((each) => each.id === id)!,
  stdout: new LinesToCoordinator((lines) => post({ type: 'lines', lines })),
  suspect({ id }) {
    const now = performance.now()
    if (now - (suspectedAt.get(id) ?? -Infinity) < SUSPECT_AGAIN) return
    suspectedAt.set(id, now)
    post({ type: 'suspect', id })
  },
  whole(own) {
    whole = new Whole(own, vitals, () => post({ type: 'ask' }), data.events)
    return whole
  },
}

function setHealth(proxy: Proxy, { id, healthy, reason }: HealthNews): void {
  const server = proxy.servers.find(id)
  if (server !== undefined) proxy.balancer.setHealthy(server, healthy, reason)
}

/** What this thread has counted. Everything in it belongs to the same moment. */
function report(proxy: Proxy, round: number, turn: boolean): void {
  proxy.clock.now = performance.now()
  proxy.balancer.tick()
  second = undefined
  if (turn) proxy.series.turn()
  const total = proxy.series.total()
  const account = {
    total,
    counters: proxy.counters.snapshot(),
    probes: proxy.probes.counts,
    choices: proxy.balancer.choices.all(proxy.balancer.servers),
    linesLost: proxy.linesLost,
    vitals: vitals.read(),
  }
  post({ type: 'account', round, account, second })
}

async function recall(
  { recent }: Proxy,
  { recall, round }: ToWorker & { type: 'recall' },
): Promise<void> {
  if (recent !== undefined)
    post({ type: 'recalled', round, answer: await recalled(recent, recall) })
}

async function stop(proxy: Proxy): Promise<void> {
  await proxy.stop()
  process.exit(0)
}

function receive(proxy: Proxy, readiness: Readiness, message: ToWorker): void {
  switch (message.type) {
    case 'health':
      setHealth(proxy, message)
      break
    case 'add':
    case 'remove':
    case 'steer':
      proxy.servers.follow(message)
      break
    case 'report':
      report(proxy, message.round, message.turn)
      break
    case 'recall':
      void recall(proxy, message)
      break
    case 'whole':
      whole?.receive(message.whole)
      break
    case 'second':
      whole?.tellSecond(message.snapshot)
      break
    case 'event':
      whole?.tellEvent(message.event)
      break
    case 'giveWay':
      if (message.turn === readiness.turn) giveWay(proxy.balancer.strategy)
      break
    case 'prepare':
      void readiness.prepare(message)
      break
    case 'commit':
    case 'cancel':
      readiness.decide(message.turn, message.type === 'commit')
      break
    case 'reading':
      proxy.lastReading = message.reading
      break
    case 'certificates':
      proxy.listener.useCertificates(message.certificates)
      break
    case 'stop':
      void stop(proxy)
      break
    case 'kill':
      proxy.kill()
      process.exit(1)
  }
}

/** Another thread says that there may be room for whoever waits here. */
function serve({ clock, line }: Proxy): void {
  clock.now = performance.now()
  line.serve()
}

function plain(error: unknown): PlainError {
  const { code, message, path, place, syscall } = error as PlainError
  return { code, message, path, place, syscall }
}

try {
  const warn = (message: string): void => post({ type: 'warn', message })
  const { office, threads } = data
  const { turn } = office
  const onGiveWay = (message: string): void => post({ type: 'gaveWay', turn, message })
  const strategy = await agreedStrategy(office, threads, onGiveWay)
  const proxy = new Proxy(data.settings, { strategy, team, warn })
  for (const news of data.standing) {
    if (!news.unproven) setHealth(proxy, news)
    proxy.servers.follow({ type: 'steer', id: news.id, wish: { state: news.state } })
  }
  proxy.series.listen({ onSnapshot: (snapshot) => (second = snapshot) })
  proxy.lastReading = data.lastReading
  proxy.steeredAt = data.steeredAt
  const readiness = new Readiness(proxy, turn, threads, post)
  answerBell(proxy.line.turns!.bells, data.thread, () => serve(proxy))
  port.on('message', (message: ToWorker) => receive(proxy, readiness, message))
  post({ type: 'listening', places: await proxy.listen() })
} catch (error) {
  post({ type: 'failed', error: plain(error) })
  process.exit(1)
}
