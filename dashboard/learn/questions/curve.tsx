import { useRef } from 'preact/hooks'
import { value as valueOf } from '../figures.ts'
import type { AskCurve, Found, Unit } from '../lesson.ts'
import { NumberField } from './number-field.tsx'

interface CurveProps {
  readonly ask: AskCurve
  readonly unit: Unit
  readonly values: readonly number[]
  readonly found: Found | undefined
  /** The answer is shown: nothing is to be drawn any more. */
  readonly told: boolean
  readonly onValues?: (values: readonly number[]) => void
}

const WIDTH = 440
const HEIGHT = 300
const LEFT = 72
const RIGHT = 12
const TOP = 16
const BOTTOM = 44

/** A curve on a logarithmic axis: what the reader draws, and the truth over it. */
export function Curve({ ask, found, onValues, told, unit, values }: CurveProps) {
  const plot = useRef<SVGSVGElement>(null)
  const { points, range } = ask
  const [low, high] = range
  const x = (at: number): number =>
    LEFT + 24 + (at * (WIDTH - LEFT - RIGHT - 48)) / (points.length - 1)
  const share = (value: number): number => Math.log(value / low) / Math.log(high / low)
  const y = (value: number): number =>
    HEIGHT - BOTTOM - Math.max(0, Math.min(1, share(value))) * (HEIGHT - TOP - BOTTOM)
  const set = (at: number, next: number): void => {
    const kept = Math.max(low, Math.min(high, Number(next.toPrecision(2))))
    onValues?.(values.map((each, i) => (i === at ? kept : each)))
  }
  const draw = ({ buttons, clientX, clientY }: PointerEvent): void => {
    if (buttons === 0 || told) return
    const { height, left, top, width } = plot.current!.getBoundingClientRect()
    const px = ((clientX - left) / width) * WIDTH
    const py = ((clientY - top) / height) * HEIGHT
    const pitch = x(1) - x(0)
    const at = Math.max(0, Math.min(points.length - 1, Math.round((px - x(0)) / pitch)))
    const up = (HEIGHT - BOTTOM - py) / (HEIGHT - TOP - BOTTOM)
    set(at, low * (high / low) ** Math.max(0, Math.min(1, up)))
  }
  const path = (of: readonly number[]): string =>
    of
      .map((each, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(each).toFixed(1)}`)
      .join('')
  const meansOf = (ids: readonly string[]): number[] | undefined =>
    found === undefined ? undefined : ids.map((id) => found[id].mean)
  const given = meansOf(ask.given.ids)
  const truth = told ? meansOf(points.map(({ id }) => id)) : undefined
  const later = told ? meansOf(ask.later.ids) : undefined
  return (
    <div class="curve">
      <svg
        ref={plot}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        data-told={told || undefined}
        aria-hidden="true"
        onPointerDown={(event) => {
          plot.current!.setPointerCapture(event.pointerId)
          draw(event)
        }}
        onPointerMove={draw}
      >
        {decades(low, high).map((value) => (
          <g key={value}>
            <path class="grid" d={`M${LEFT} ${y(value)}H${WIDTH - RIGHT}`} />
            <text class="y" x={LEFT - 8} y={y(value) + 4}>
              {valueOf(value, unit)}
            </text>
          </g>
        ))}
        {points.map(({ id, label }, at) => (
          <text class="x" key={id} x={x(at)} y={HEIGHT - BOTTOM + 20}>
            {label}
          </text>
        ))}
        <text class="x title" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 4}>
          {ask.x}
        </text>
        {given !== undefined && <path class="line given" d={path(given)} />}
        {later !== undefined && <path class="line later" d={path(later)} />}
        {truth !== undefined && <path class="line truth" d={path(truth)} />}
        {told &&
          found !== undefined &&
          points.map(({ id }, at) => (
            <path
              key={id}
              class="whisker"
              d={`M${x(at)} ${y(found[id].low)}V${y(found[id].high)}`}
            />
          ))}
        <path class="line drawn" d={path(values)} />
        {values.map((each, at) => (
          <circle class="drawn" key={at} cx={x(at)} cy={y(each)} r={told ? 4 : 9} />
        ))}
      </svg>
      <p class="curve-key small">
        <span class="key drawn">yours</span>
        {told && <span class="key truth">{ask.name}</span>}
        {told && <span class="key later">{ask.later.name}</span>}
        <span class="key given">{ask.given.name}</span>
      </p>
      {!told && (
        <div class="curve-fields">
          {points.map(({ id, label }, at) => (
            <div key={id}>
              <span class="small muted" aria-hidden="true">
                {label}
              </span>
              <NumberField
                label={`${ask.x}: ${label}`}
                unit={unit}
                value={values[at]}
                top={high}
                onValue={(next) => set(at, next)}
              />
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function decades(low: number, high: number): number[] {
  const found: number[] = []
  for (let value = low; value <= high * 1.001; value *= 10) found.push(value)
  return found
}
