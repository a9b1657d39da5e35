import type { ListenSettings } from '../listen-settings.ts'
import { CRASH_WINDOW, Crashes, MOST_CRASHES } from '../core/crashes.ts'
import { FailedStarts } from './failed-starts.ts'
import { allGone, Member, type MemberOwner } from './member.ts'
import type { FromWorker, ToWorker, WorkerData } from './messages.ts'

/** How much longer than the grace stopping may take, and how long a thread may take to end at once, in milliseconds. */
const STOP_SLACK = 3000
const KILL_GRACE = 500

/** What the threads are for. */
export interface CrewOwner {
  /** What a thread is started with; all listen at those places. */
  dataFor(thread: number, places: ListenSettings[]): WorkerData
  /** It is there, and may be told more. */
  onStarted(member: Member): void
  onMessage(member: Member, message: FromWorker): void
  /** It is gone: says how many requests it had in flight. */
  onGone(member: Member): number
  say(message: string): void
  /** The threads crash again and again, and all of them have been ended. */
  onGivenUp(message: string): void
}

/**
 * The worker threads: starts them, replaces those that crash, and ends them. What they do is their owner's affair. Where a replacement
 * cannot start the others go on; only when nobody serves any more are failures to start a reason to give up.
 */
export class Crew implements MemberOwner {
  /** By their thread. */
  readonly members = new Map<number, Member>()
  private readonly owner: CrewOwner
  private readonly size: number
  private places: ListenSettings[]
  /** All threads have begun to listen, so that one that ends now has crashed. */
  private running = false
  private ending = false
  private readonly crashes = new Crashes()
  private readonly failedStarts = new FailedStarts()

  /** `size`: how many threads; `places`: with port 0 the first one finds a port, and the others join it. */
  constructor(size: number, places: ListenSettings[], owner: CrewOwner) {
    this.size = size
    this.places = places
    this.owner = owner
  }

  get present(): Member[] {
    return [...this.members.values()]
  }

  /** Those who can answer. */
  get ready(): Member[] {
    return this.present.filter((member) => member.ready)
  }

  tell(message: ToWorker): void {
    for (const member of this.present) member.post(message)
  }

  /** Resolves when all listen. Rejects with the operating system's error, for example EADDRINUSE. */
  async start(): Promise<ListenSettings[]> {
    try {
      this.places = await this.startAll()
    } catch (error) {
      if (this.ending) await new Promise(() => {}) // Threads ended because they were told to; so will the process.
      throw error
    }
    this.running = true
    for (let i = 0; i < this.size; i++) if (!this.members.has(i) && !this.ending) this.add(i)
    return this.places
  }

  /** Lets every thread finish what it has, for so many milliseconds. Resolves when all are gone. */
  async stop(grace: number): Promise<void> {
    this.ending = true
    this.tell({ type: 'stop' })
    await allGone(this.present, grace + STOP_SLACK)
  }

  /** Ends all of them; they have a moment to say so to their clients. */
  async kill(): Promise<void> {
    this.ending = true
    this.tell({ type: 'kill' })
    await allGone(this.present, KILL_GRACE)
  }

  onMessage(member: Member, message: FromWorker): void {
    if (message.type === 'listening' && this.failedStarts.started(member.thread))
      this.owner.say(`${this.nameOf(member)} is there again`)
    this.owner.onMessage(member, message)
  }

  onGone(member: Member, reason: string): void {
    const lost = this.owner.onGone(member)
    if (this.members.get(member.thread) === member) this.members.delete(member.thread)
    const what = `${this.nameOf(member)} crashed (${reason})`
    const requests = lost === 1 ? '1 request' : `${lost} requests`
    if (this.ending && member.crashed)
      this.owner.say(`${what} with ${requests} in flight, while the proxy stops`)
    if (!this.running || this.ending) return
    if (!member.ready && this.ready.length > 0) return this.tryLater(member, reason)
    if (this.crashes.record(performance.now())) {
      const often = `${MOST_CRASHES} crashes in ${CRASH_WINDOW / 1000} s`
      void this.kill().then(() => this.owner.onGivenUp(`${what}: giving up after ${often}`))
      return
    }
    this.owner.say(`${what} with ${requests} in flight: another takes its place`)
    this.add(member.thread)
  }

  /** It has not begun, and others serve. */
  private tryLater(member: Member, reason: string): void {
    const { news, pause } = this.failedStarts.failed(member.thread, reason)
    if (news) {
      const what = `${this.nameOf(member)} cannot start (${reason})`
      this.owner.say(`${what}: the others go on, and it is tried again from time to time`)
    }
    const again = (): void => {
      if (!this.ending) this.add(member.thread)
    }
    setTimeout(again, pause).unref()
  }

  private nameOf({ thread }: Member): string {
    return `thread ${thread + 1} of ${this.size}`
  }

  private async startAll(): Promise<ListenSettings[]> {
    if (this.ending) return this.places
    const first = this.add(0).listening
    // Where any port will do the first one finds it, and the others join it.
    if (this.places.some((place) => 'port' in place && place.port === 0)) this.places = await first
    if (this.ending) return this.places
    const others = Array.from({ length: this.size - 1 }, (_, i) => this.add(i + 1).listening)
    const [places] = await Promise.all([first, ...others])
    return places
  }

  private add(thread: number): Member {
    const member = new Member(this.owner.dataFor(thread, this.places), this)
    this.members.set(thread, member)
    this.owner.onStarted(member)
    return member
  }
}
