import { draw } from '../../charts/draw.ts'
import { lookOf } from '../../charts/palette.ts'
import { readTheme } from '../../plots/appearance.ts'
import { type RaceFrame, STRETCHED } from '../../race/frame.ts'
import { duration } from '../../shell/words.ts'
import { NAMED, placeOf } from '../charts/stretched.ts'
import { bandInWords } from '../lanes/words.ts'

/** The distribution as SVG: a picture of its own, light or dark by itself. */
export function distributionSvg({ lanes }: RaceFrame, strategies: readonly string[]): string {
  const seen = new Map<string, number>()
  return draw({
    kind: 'lines',
    title: 'Response times by percentile',
    x: {
      label: 'percentile, stretched towards the tail: 1 is p90, 2 is p99, 3 is p99.9',
      from: 0,
      to: 4,
    },
    y: { label: 'response time (ms)', scale: 'log' },
    marks: NAMED.map(([share, label]) => ({ x: placeOf(share), label })),
    series: lanes.map(({ label, latency }, i) => {
      const strategy = strategies[i]
      const before = seen.get(strategy) ?? 0
      seen.set(strategy, before + 1)
      const points = Array.from(latency?.curve ?? [], (mean, n) => ({
        x: placeOf(STRETCHED[n]),
        mean,
      }))
      return {
        label,
        strategy,
        dash: (lookOf(strategy).dash + before) % 4,
        points: points.filter(({ mean }) => mean > 0),
      }
    }),
  })
}

/** As numbers: a row a strategy and percentile. */
export function distributionCsv({ lanes }: RaceFrame): string {
  const rows = lanes.flatMap(({ label, latency }) =>
    Array.from(latency?.curve ?? []).flatMap((value, i) =>
      value > 0
        ? [`"${label.replaceAll('"', '""')}",${Number(STRETCHED[i].toPrecision(8))},${value}`]
        : [],
    ),
  )
  return `strategy,share,milliseconds\n${rows.map((row) => `${row}\n`).join('')}`
}

const MARGIN = 24

/** What is to be seen of the lanes and the distribution now, as a PNG. */
export async function picture(frame: RaceFrame, title: string): Promise<Blob> {
  const canvases = [
    ...document.querySelectorAll<HTMLCanvasElement>('.lane-canvas, .distribution canvas'),
  ]
  const theme = readTheme()
  const ratio = devicePixelRatio
  const wide = Math.max(...canvases.map(({ width }) => width))
  const high = canvases.reduce((sum, { height }) => sum + height + 40 * ratio, 0)
  const canvas = document.createElement('canvas')
  canvas.width = wide + 2 * MARGIN * ratio
  canvas.height = high + (MARGIN * 2 + 24) * ratio
  const context = canvas.getContext('2d')!
  context.fillStyle = theme.surface
  context.fillRect(0, 0, canvas.width, canvas.height)
  let y = MARGIN * ratio
  const write = (words: string, colour: string, weight: number): void => {
    context.fillStyle = colour
    context.font = `${weight} ${14 * ratio}px ${theme.font}`
    context.fillText(words, MARGIN * ratio, y + 14 * ratio)
    y += 28 * ratio
  }
  write(title, theme.text, 600)
  canvases.forEach((each, i) => {
    const lane = frame.lanes[i]
    if (lane === undefined) write('Response times by percentile', theme.text, 600)
    else {
      const p99 =
        lane.latency === null
          ? ''
          : ` · p99 ${duration(lane.latency.p99).join(' ')} (${bandInWords(lane)})`
      write(`${lane.label}${p99}`, theme.muted, 500)
    }
    context.drawImage(each, MARGIN * ratio, y)
    y += each.height + 12 * ratio
  })
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)),
      'image/png',
    )
  })
}
