import type { StateEvent } from '../../proxy/core/snapshot.ts'
import type { Generator } from '../load/generator.ts'
import type { FleetEvent } from './fleet.ts'
import type { Lab } from './lab.ts'
import type { LiveEvent, LiveView } from './live-view.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import { Recent } from './recent.ts'
import type { Screen } from './screen.ts'

const DRAW_EVERY = 1000
const EVENTS_KEPT = 20

/** The traffic through a lab that runs, and what is shown of it while it does. */
export class Run {
  private readonly algorithm: string
  private readonly traffic: string
  private readonly lab: Lab
  private readonly generator: Generator
  private readonly screen: Screen
  private readonly recent = new Recent()
  private readonly events: LiveEvent[] = []
  private began = 0
  private endedAt: number | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(algorithm: string, traffic: string, lab: Lab, generator: Generator, screen: Screen) {
    this.algorithm = algorithm
    this.traffic = traffic
    this.lab = lab
    this.generator = generator
    this.screen = screen
  }

  /** Milliseconds since the traffic began, up to its end. */
  get elapsed(): number {
    return (this.endedAt ?? performance.now()) - this.began
  }

  start(): void {
    this.began = performance.now()
    this.lab.onFleetEvent = (event) => this.say(...wordsOfFleet(event))
    this.lab.onNotice = (notice) => this.say('bad', `the proxy: ${notice}`)
    this.lab.notices.forEach(this.lab.onNotice)
    this.lab.follow({
      onSnapshot: (snapshot) => this.recent.add(snapshot),
      onState: (event) => this.say(...wordsOfState(event)),
    })
    this.generator.start()
    this.draw()
    this.timer = setInterval(() => this.draw(), DRAW_EVERY)
  }

  say(tone: Tone, text: string): void {
    const event: LiveEvent = { elapsed: this.elapsed, tone, text }
    this.events.push(event)
    if (this.events.length > EVENTS_KEPT) this.events.shift()
    this.screen.event(event)
  }

  /** The last drawing. */
  end(): void {
    clearInterval(this.timer)
    this.lab.onFleetEvent = undefined
    this.lab.onNotice = undefined
    this.endedAt = performance.now()
    this.draw()
    this.screen.close()
  }

  private draw(): void {
    this.screen.draw(this.view())
  }

  private view(): LiveView {
    const { account } = this.generator
    const { url, page, pid, fakes } = this.lab
    return {
      elapsed: this.elapsed,
      strategy: this.recent.strategy ?? this.algorithm,
      promise: this.recent.promise,
      traffic: this.traffic,
      proxy: { url, pid },
      page,
      fakes,
      load: {
        due: account.due,
        answered: account.answered,
        inflight: account.inflight,
        failed: account.failed,
        serverErrors: account.byClass[5],
        unconnected: account.unconnected,
        unsendable: account.unsendable,
        shed: account.shed,
        lateness: account.lateness.quantile(0.99),
      },
      rows: this.recent.rows(),
      events: this.events,
    }
  }
}

function wordsOfFleet({ kind, id, pid, reason, restartAfter }: FleetEvent): [Tone, string] {
  const again = `in ${restartAfter / 1000} s`
  if (kind === 'started') return ['good', `${id} was started again (pid ${pid})`]
  if (kind === 'died') return ['bad', `${id} (pid ${pid}) ${reason}; it starts again ${again}`]
  return ['bad', `${id} did not start again; next try ${again}: ${reason}`]
}

function wordsOfState({ server, from, to, reason }: StateEvent): [Tone, string] {
  const why = reason === '' ? '' : `: ${reason}`
  if (to === 'down') return ['bad', `${server} went down${why}`]
  if (to === 'up') return ['good', `${server} ${from === 'gone' ? 'is up' : 'came back'}${why}`]
  return ['warn', `${server} is ${to}${why}`]
}
