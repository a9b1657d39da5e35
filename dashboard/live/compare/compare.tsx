import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { feed } from '../state.ts'

const panel = signal<ComponentType | undefined>(undefined)
const fault = signal('')

/** The simulator comes only when somebody wants to compare: who just watches loads none of it. */
export function Compare() {
  const Panel = panel.value
  const begin = async (): Promise<void> => {
    try {
      panel.value = (await import('./panel.tsx')).Panel
    } catch {
      fault.value = 'The simulator could not be loaded. Everything else goes on; try again.'
    }
  }
  return (
    <section class="card compare" aria-label="Compare with a simulation">
      <div class="chart-head">
        <h2>Compare with a simulation</h2>
        <p class="muted small">what a model of the last minute predicts, laid over what happened</p>
        {Panel === undefined && (
          <button disabled={feed.news.value !== 'live'} onClick={() => void begin()}>
            Simulate what is measured now
          </button>
        )}
      </div>
      {fault.value !== '' && <p class="fault">{fault.value}</p>}
      {Panel !== undefined && <Panel />}
    </section>
  )
}
