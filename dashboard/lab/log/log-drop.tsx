import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { count } from '../../../simulator/format.ts'
import type { InspectionFigures } from '../../../simulator/trace/inspection.ts'
import { duration, short } from '../../shell/words.ts'
import { pageWords } from '../page-words.ts'
import { changeScenario, log, missingLog, setup } from '../lab.ts'
import { readLog } from './log-reader.ts'
import { replayOf, replayScenario } from './replay-scenario.ts'

const reading = signal<number | undefined>(undefined)
const fault = signal('')
/** Something is held over the page. */
const over = signal(false)

/** A whole name, but nothing that a scenario could not be called. */
async function take(file: File): Promise<void> {
  reading.value = 0
  fault.value = ''
  try {
    const { figures, sha256, trace } = await readLog(file, (share) => (reading.value = share))
    const scenario = replayScenario(setup.value.scenario, file.name, trace)
    log.value = { figures, replay: replayOf(file.name, trace, sha256, figures.warnings) }
    const wanted = missingLog.value
    if (!changeScenario(scenario)) {
      log.value = undefined
      return
    }
    missingLog.value = undefined
    if (wanted !== undefined && wanted.sha256 !== sha256) {
      fault.value = `The link was made of another log, ${wanted.name}: with ${file.name} the numbers are not those of whoever sent it.`
    }
  } catch (error) {
    fault.value = `${file.name} is no log that can be read: ${pageWords((error as Error).message)}`
  } finally {
    reading.value = undefined
  }
}

/** A log that is dropped anywhere on the page, or chosen here, is replayed in the lanes. Nothing of it leaves the page. */
export function LogDrop() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const hold = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      event.preventDefault()
      over.value = true
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) over.value = false
    }
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0]
      over.value = false
      if (file === undefined) return
      event.preventDefault()
      void take(file)
    }
    addEventListener('dragover', hold)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', hold)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [])
  return (
    <div class="log-drop" data-over={over.value || undefined}>
      <p class="small muted">
        Drop an access log anywhere on this page, or choose one: nginx, Apache, HAProxy, CSV,
        NDJSON, HAR. It is read here, in the browser; nothing is uploaded.
      </p>
      <input
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-hidden="true"
        ref={input}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          if (file !== undefined) void take(file)
          currentTarget.value = ''
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        Choose a log
      </button>
      <div role="status">
        {reading.value !== undefined && (
          <p class="small">Reading: {Math.floor(reading.value * 100)} %</p>
        )}
        {fault.value !== '' && <p class="small fault">▲ {fault.value}</p>}
      </div>
      {log.value !== undefined && (
        <Summary figures={log.value.figures} name={log.value.replay.name} />
      )}
    </div>
  )
}

function Summary({
  figures,
  name,
}: {
  readonly figures: InspectionFigures
  readonly name: string
}) {
  const { bad, badLines, format, keys, rate, requests, span, warnings, work } = figures
  const rows: [string, string][] = [
    ['read as', format],
    ['requests', count(requests)],
    ['span', duration(span).join(' ')],
    ['rate', Number.isFinite(rate) ? `${short(rate)} a second` : '–'],
    [
      'service time',
      work === undefined
        ? 'not in the log: the scenario’s is taken'
        : `p50 ${duration(work.median).join(' ')}, p99 ${duration(work.p99).join(' ')}`,
    ],
    ['keys', keys === undefined ? 'none' : `${count(keys.distinct)} different`],
  ]
  return (
    <div class="log-summary">
      <h3 class="id">{name}</h3>
      <dl>
        {rows.map(([title, text]) => (
          <div key={title}>
            <dt class="small muted">{title}</dt>
            <dd class="small">{text}</dd>
          </div>
        ))}
      </dl>
      {warnings.map((text) => (
        <p key={text} class="small warn">
          ▲ {pageWords(text)}
        </p>
      ))}
      {bad > 0 && (
        <p class="small warn">
          ▲ {bad} {bad === 1 ? 'line is' : 'lines are'} left out:{' '}
          {badLines.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ')}
        </p>
      )}
    </div>
  )
}
