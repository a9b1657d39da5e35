import { lookOf } from './series.ts'

/** The stroke of a server's lines, beside its name. */
export function Swatch({ place }: { readonly place: number }) {
  const { colour, dash } = lookOf(place)
  const strokes = ['', '7 3', '2 3', '9 3 2 3'][dash]
  return (
    <svg class="swatch" width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
      <path d="M0 4h18" data-series={colour} stroke-dasharray={strokes} />
    </svg>
  )
}

/** The same for what is no server: a kind of error. */
export function Dot({ series }: { readonly series: number }) {
  return (
    <svg class="swatch" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <circle cx="5" cy="5" r="4" data-series={series} />
    </svg>
  )
}
