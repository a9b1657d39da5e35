import { type Change, NO_CHANGE } from '../change.ts'
import type { Settings } from '../settings.ts'
import { AccessLog } from './access-log.ts'
import { FileSink, type LogSink } from './log-sink.ts'

/** How long whoever reads a log that is left may take for its last lines, in milliseconds. */
const GRACE = 1000

/**
 * The wall clock may be set while we run, and drifts against ours: lines tell the time that it is. But not for less than this, in
 * milliseconds, so that what lies between two lines is as it was measured.
 */
const DRIFT = 100

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
  private readonly now: () => number
  private target: Settings['accessLog']

  /** `stdout`: who writes there for us, if we do not. `now`: the proxy's clock. Throws the operating system's error. */
  constructor(target: Settings['accessLog'], stdout: LogSink | undefined, now: () => number) {
    this.stdout = stdout
    this.now = now
    this.target = target
    if (target !== false) this.log = new AccessLog(this.sinkOf(target), this.origin)
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
        else if (target !== false) this.log = new AccessLog(sink, this.origin)
        if (target === false) this.log = undefined
      },
      cancel: () => void sink.close(0),
    }
  }

  /** Ten times a second. */
  tick(): void {
    const { log, origin } = this
    if (log === undefined) return
    if (Math.abs(log.origin - origin) > DRIFT) log.origin = origin
    log.flush()
  }

  private get origin(): number {
    return Date.now() - this.now()
  }

  private sinkOf(target: 'stdout' | { file: string }): LogSink {
    return target === 'stdout' ? (this.stdout ?? new FileSink('stdout')) : new FileSink(target)
  }
}
