/** The colours of shell/tokens.css, for what is drawn on a canvas, where style sheets do not reach. */
export interface Theme {
  readonly text: string
  readonly muted: string
  readonly rule: string
  readonly surface: string
  /** Of Okabe and Ito, in their order. */
  readonly series: readonly string[]
  readonly good: string
  readonly warn: string
  readonly bad: string
  readonly font: string
  /** Of the letters at axes, in pixels. */
  readonly letters: number
}

/** With that much of it, from 0 to 1. */
export function fade(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${Math.round(alpha * 100)}%, transparent)`
}
