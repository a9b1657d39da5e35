import { Child, type ChildProgram } from './child.ts'

/** Long enough for the proxy to notice and for people to see it, short enough to watch the return. */
const RESTART_AFTER = 4000
const STOP_GRACE = 5000

export interface Fake {
  readonly id: string
  /** Fixed by its first start. */
  readonly url: string
  readonly pid: number | undefined
  /** How often it was started; its own counts begin at zero with each. */
  readonly starts: number
  /** At once; the fleet starts it again. */
  kill(): void
}

export interface FleetEvent {
  kind: 'died' | 'started' | 'failed'
  id: string
  pid: number | undefined
  /** Why it died, or could not start. */
  reason: string
  /** Milliseconds until the next start, when there is one. */
  restartAfter: number
}

/** Makes the program of a fake; `port` is undefined for the first start, and after that the one it had. */
export type ProgramOf = (index: number, port: string | undefined) => ChildProgram

/** The fakes: starts them, and starts again what dies, on the same port. */
export class Fleet {
  onEvent: ((event: FleetEvent) => void) | undefined
  private readonly members: Member[] = []
  private readonly programOf: ProgramOf
  private readonly restartAfter: number
  private stopping = false

  constructor(count: number, programOf: ProgramOf, restartAfter = RESTART_AFTER) {
    this.programOf = programOf
    this.restartAfter = restartAfter
    for (let i = 0; i < count; i++) this.members.push(new Member(programOf(i, undefined)))
  }

  get fakes(): readonly Fake[] {
    return this.members
  }

  /** Resolves when all listen. When some cannot, rejects with the `StartError` of the first of them; then stop the fleet. */
  async start(): Promise<void> {
    const starts = await Promise.allSettled(this.members.map(({ child }) => child.listening))
    starts.forEach((start, index) => {
      if (start.status === 'rejected') throw start.reason
      this.members[index].url = start.value
    })
    this.members.forEach((member, index) => this.watch(member, index))
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(
      this.members.map(async (member) => {
        clearTimeout(member.timer)
        await member.child.stop(STOP_GRACE)
      }),
    )
  }

  /** At once, without a farewell. */
  kill(): void {
    this.stopping = true
    for (const member of this.members) {
      clearTimeout(member.timer)
      member.child.kill()
    }
  }

  private watch(member: Member, index: number): void {
    const { pid } = member
    void member.child.exited.then((reason) => {
      if (this.stopping) return
      this.tell('died', member, pid, reason)
      this.restartLater(member, index)
    })
  }

  private restartLater(member: Member, index: number): void {
    member.timer = setTimeout(() => this.restart(member, index), this.restartAfter)
  }

  private restart(member: Member, index: number): void {
    const child = new Child(this.programOf(index, new URL(member.url).port))
    member.child = child
    child.listening.then(
      () => {
        member.starts++
        this.tell('started', member, child.pid, '')
        this.watch(member, index)
      },
      (error: Error) => {
        if (this.stopping) return
        this.tell('failed', member, undefined, error.message)
        void child.stop(STOP_GRACE)
        this.restartLater(member, index)
      },
    )
  }

  private tell(
    kind: FleetEvent['kind'],
    member: Member,
    pid: number | undefined,
    reason: string,
  ): void {
    this.onEvent?.({ kind, id: member.id, pid, reason, restartAfter: this.restartAfter })
  }
}

class Member implements Fake {
  readonly id: string
  url = ''
  starts = 1
  child: Child
  timer: NodeJS.Timeout | undefined

  constructor(program: ChildProgram) {
    this.id = program.name
    this.child = new Child(program)
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  kill(): void {
    this.child.kill()
  }
}
