import { signal } from '@preact/signals'
import { Popover } from '../controls/popover.tsx'
import { isRecorded, link, player, setup, strategyNames } from '../lab.ts'
import { fileName } from './file-name.ts'
import { save } from './save.ts'

const said = signal('')

async function copy(): Promise<void> {
  const url = `${location.origin}${location.pathname}${link.value}`
  try {
    await navigator.clipboard.writeText(url)
    said.value = isRecorded(setup.value.scenario)
      ? 'Copied: it shows the same numbers to everybody who has the same log.'
      : 'Copied: it shows the same numbers to everybody.'
  } catch {
    said.value = 'The address above is the link: copy it from there.'
  }
}

/** The link, and what can be taken away. */
export function Share() {
  const { scenario } = setup.value
  const recorded = isRecorded(scenario)
  return (
    <>
      <span class="small muted" role="status">
        {said.value}
      </span>
      <button
        type="button"
        disabled={link.value === ''}
        title={
          recorded
            ? 'The log stays on this computer: the link names it, and asks for it there.'
            : undefined
        }
        onClick={() => void copy()}
      >
        Copy link
      </button>
      <Popover look="export" label="Export" words="Export">
        {(close) => <Choices recorded={recorded} close={close} />}
      </Popover>
    </>
  )
}

function Choices({ close, recorded }: { readonly recorded: boolean; readonly close: () => void }) {
  const { scenario } = setup.value
  const frame = player.frames.value
  const { name } = scenario
  const give = (make: () => Promise<[content: BlobPart, type: string, ending: string]>): void => {
    void make().then(([content, type, ending]) => save(content, type, fileName(name, ending)))
    close()
  }
  return (
    <>
      <button
        type="button"
        disabled={recorded}
        onClick={() =>
          give(async () => {
            const { scenarioFile } = await import('./scenario-file.ts')
            return [scenarioFile(setup.value), 'application/yaml', 'yaml']
          })
        }
      >
        Scenario for the command line (YAML)
      </button>
      {recorded && (
        <span class="small muted">
          A log is replayed by the command line itself: <code>evenkeel sim --trace {name}</code>
        </span>
      )}
      {frame !== undefined && (
        <>
          <button
            type="button"
            onClick={() =>
              give(async () => {
                const { picture } = await import('./pictures.ts')
                return [await picture(frame, name), 'image/png', 'png']
              })
            }
          >
            Picture of the lanes (PNG)
          </button>
          <button
            type="button"
            onClick={() =>
              give(async () => {
                const { distributionSvg } = await import('./pictures.ts')
                return [distributionSvg(frame, strategyNames.value), 'image/svg+xml', 'svg']
              })
            }
          >
            Distribution (SVG)
          </button>
          <button
            type="button"
            onClick={() =>
              give(async () => {
                const { distributionCsv } = await import('./pictures.ts')
                return [distributionCsv(frame), 'text/csv', 'csv']
              })
            }
          >
            Distribution (CSV)
          </button>
        </>
      )}
    </>
  )
}
