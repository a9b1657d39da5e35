import { type Change, NO_CHANGE } from '../change.ts'
import type { Settings } from '../settings.ts'
import { AccessLog } from './access-log.ts'
import { FileSink, type LogSink } from './log-sink.ts'
import { WallOrigin } from './wall-origin.ts'

/** How long whoever reads a log that is left may take for its last lines, in milliseconds. */
const GRACE = 1000

/** For the last lines of a log that has been switched off. */
const NOWHERE: LogSink = {
  dropped: 0,
  add() {},
  flush() {},
  flushNow() {},
  close: () => Promise.resolve(),
}

/** Has the access log as the settings want it, and changes where it goes while the proxy runs. */
export class LogKeeper {
  /** Undefined while it is switched off. */
  log: AccessLog | undefined
  private readonly stdout: LogSink | undefined
  /** What to add to the proxy's clock for Unix time. */
  readonly origin: WallOrigin
  private target: Settings['accessLog']

  /** `stdout`: who writes there for us, if we do not. `now`: the proxy's clock. Throws the operating system's error. */
  constructor(target: Settings['accessLog'], stdout: LogSink | undefined, now: () => number) {
    this.stdout = stdout
    this.origin = new WallOrigin(now)
    this.target = target
    if (target !== false) this.log = new AccessLog(this.sinkOf(target), this.origin.value)
  }

  /**
   * A file is opened anew even if it is the same one: whoever rotates logs has moved the old one away, and the new one begins here.
   * Throws the operating system's error if it cannot be opened.
   */
  prepare(target: Settings['accessLog']): Change {
    if (target === 'stdout' && this.target === 'stdout') return NO_CHANGE
    const sink = target === false ? NOWHERE : this.sinkOf(target)
    return {
      commit: () => {
        this.target = target
        if (this.log !== undefined) this.log.redirect(sink, GRACE)
        else if (target !== false) this.log = new AccessLog(sink, this.origin.value)
        if (target === false) this.log = undefined
      },
      cancel: () => void sink.close(0),
    }
  }

  /** Ten times a second. */
  tick(): void {
    const { log, origin } = this
    if (log === undefined) return
    log.origin = origin.value
    log.flush()
  }

  private sinkOf(target: 'stdout' | { file: string }): LogSink {
    return target === 'stdout' ? (this.stdout ?? new FileSink('stdout')) : new FileSink(target)
  }
}
