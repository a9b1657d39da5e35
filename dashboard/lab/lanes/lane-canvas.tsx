import { effect, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { appearance, letterScale, readTheme } from '../../plots/appearance.ts'
import type { RaceFrame } from '../../race/frame.ts'
import { geometryOf } from './geometry.ts'
import { Motion } from './motion.ts'
import { paint, paintsOf } from './paint.ts'

interface LaneCanvasProps {
  readonly frames: ReadonlySignal<RaceFrame | undefined>
  /** Which lane of the frames this is. */
  readonly place: number
  /** In pixels where letters have their usual size; it grows with them. */
  readonly height: number
  /** Its colour among the series. */
  readonly series: number
  /** How long a request takes that does not wait, in milliseconds: by that, dots are new or old. */
  readonly unit: number
  /** What is to be seen, in words. */
  readonly label: string
}

/** Draws one lane whenever there is a new frame, and on for as long as something flies. */
export function LaneCanvas(props: LaneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const element = canvas.current!
    const context = element.getContext('2d')!
    const calm = matchMedia('(prefers-reduced-motion: reduce)')
    const motion = new Motion(calm.matches)
    let paints = paintsOf(readTheme(), 'gray')
    let scheduled = 0
    let followed: RaceFrame | undefined
    let width = 0

    const draw = (now: number): void => {
      scheduled = 0
      const { frames, height, place, unit } = latest.current
      const frame = frames.peek()
      const lane = frame?.lanes[place]
      if (frame === undefined || lane === undefined || width === 0 || document.hidden) return
      const geometry = geometryOf(width, height, lane.servers.length)
      if (frame !== followed) {
        if (followed !== undefined && frame.time < followed.time) motion.reset()
        followed = frame
        motion.follow(lane, frame.time, geometry, now)
      }
      motion.move(now)
      paint(context, geometry, lane, motion, paints, unit, now)
      if (motion.moving(now)) schedule()
    }
    const schedule = (): void => {
      scheduled ||= requestAnimationFrame(draw)
    }
    const resized = new ResizeObserver(([{ contentRect }]) => {
      const { height } = latest.current
      const scale = letterScale()
      width = Math.round(contentRect.width / scale)
      const ratio = devicePixelRatio * scale
      element.width = width * ratio
      element.height = height * ratio
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      motion.reset()
      followed = undefined
      schedule()
    })
    resized.observe(element)
    const endFrames = effect(() => {
      void latest.current.frames.value
      schedule()
    })
    const endColours = effect(() => {
      void appearance.value
      const theme = readTheme()
      paints = paintsOf(theme, theme.series[latest.current.series] ?? theme.text)
      schedule()
    })
    return () => {
      resized.disconnect()
      endFrames()
      endColours()
      cancelAnimationFrame(scheduled)
    }
  }, [])

  const { height, label } = props
  return (
    <canvas
      class="lane-canvas"
      ref={canvas}
      role="img"
      aria-label={label}
      style={{ height: `${height / 16}rem` }}
    />
  )
}
